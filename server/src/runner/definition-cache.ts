import { Injectable } from '@nestjs/common';
import { compile, type CompileResult, type Definition, type Problem } from '@xflow/engine';
import { Pool } from 'pg';
import { NewerFormatError, storedFormat } from './stored-format.js';
import { TaskCatalog } from './task-catalog.js';

/** Compiled versions kept in memory. */
const capacity = 200;

interface CompiledVersion {
  /** In which it was deployed: stored-format.ts. */
  readonly format: number;
  /** Null: it does not compile. */
  readonly definition: Definition | null;
  readonly problems: CompileResult['problems'];
}

/** Deployed versions, each compiled once and kept while it is in use. */
@Injectable()
export class DefinitionCache {
  /** In the order of last use. */
  private readonly compiled = new Map<string, Promise<CompiledVersion>>();

  constructor(
    private readonly pool: Pool,
    private readonly catalog: TaskCatalog,
  ) {}

  /** @throws when the version was never deployed, or does not compile any more; {@link NewerFormatError} when a newer version of xflow has deployed it. */
  async get(key: string, version: number): Promise<Definition> {
    const { format, definition, problems } = await this.find(key, version);
    if (format > storedFormat) throw new NewerFormatError(`Version ${version} of workflow "${key}"`, format);
    if (definition) return definition;
    const errors = problems.filter(({ level }) => level === 'error');
    throw new Error(
      `Version ${version} of workflow "${key}" was deployed but does not compile any more: ` +
        `${errors.map(({ message, remedy }) => `${message} ${remedy}`).join(' ')}`,
    );
  }

  /**
   * What this server finds in the file of a version.
   * @throws when the version was never deployed.
   */
  async problems(key: string, version: number): Promise<readonly Problem[]> {
    return (await this.find(key, version)).problems;
  }

  private async find(key: string, version: number): Promise<CompiledVersion> {
    const name = `${version} ${key}`;
    const known = this.compiled.get(name) ?? this.load(key, version);
    this.compiled.delete(name);
    this.compiled.set(name, known);
    if (this.compiled.size > capacity) this.compiled.delete(this.compiled.keys().next().value!);
    try {
      const found = await known;
      // The handlers of its task types may come yet, while the server starts.
      if (!found.definition) this.compiled.delete(name);
      return found;
    } catch (error) {
      this.compiled.delete(name);
      throw error;
    }
  }

  private async load(key: string, version: number): Promise<CompiledVersion> {
    const { rows } = await this.pool.query<{ xml: string; format: number }>(
      'SELECT xml, format FROM definition JOIN deployment ON deployment.id = deployment_id WHERE key = $1 AND version = $2',
      [key, version],
    );
    if (!rows[0]) throw new Error(`Workflow "${key}" has no version ${version}.`);
    const result = await compile(rows[0].xml, { taskTypes: this.catalog.types });
    const definition = result.ok ? result.definitions.find((candidate) => candidate.key === key) : undefined;
    return { format: rows[0].format, definition: definition ?? null, problems: result.problems };
  }
}
