import { Injectable } from '@nestjs/common';
import type { TaskType } from '@xflow/schemas';

/** The task types that this server has handlers for: what diagrams may name. Handlers add theirs when their module starts. */
@Injectable()
export class TaskCatalog {
  private readonly byType = new Map<string, TaskType>();

  /** @throws when another handler claims the type. */
  add(type: TaskType): void {
    if (this.byType.has(type.type))
      throw new Error(`Two task handlers claim the type "${type.type}". Rename one of them, or remove it.`);
    this.byType.set(type.type, type);
  }

  /** By type, for the compiler. */
  get types(): Readonly<Record<string, TaskType>> {
    return Object.fromEntries(this.byType);
  }
}
