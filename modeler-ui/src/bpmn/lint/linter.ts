import type { Problem } from '@xflow/schemas';
import type { EventBus } from '../services.js';
import type { LintMarks } from './lint-marks.js';

/** Finds the problems of a diagram. Never rejects. */
export type FindProblems = (xml: string) => Promise<readonly Problem[]>;
interface Diagram {
  saveXML(options: object): Promise<{ readonly xml?: string }>;
}

/** Milliseconds without a change after which the diagram is checked. */
const quietTime = 350;

/** Checks the diagram after every change, marks the elements with problems, and fires `lint.completed` with `{ problems }`. */
export class Linter {
  static readonly $inject = ['eventBus', 'bpmnjs', 'lintMarks', 'findProblems'];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;

  constructor(
    private readonly eventBus: EventBus,
    private readonly diagram: Diagram,
    private readonly marks: LintMarks,
    private readonly findProblems: FindProblems,
  ) {
    eventBus.on(['import.done', 'commandStack.changed'], () => this.schedule());
    eventBus.on('diagram.destroy', () => clearTimeout(this.#timer));
  }

  /** Checks once nothing has changed for a moment. */
  schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), quietTime);
  }

  async #check(): Promise<void> {
    const check = ++this.#latest;
    const { xml } = await this.diagram.saveXML({}).catch(() => ({ xml: undefined }));
    // Without a diagram, and during an import, there is nothing to check; the end of the import schedules the next check.
    if (xml === undefined) return;
    const problems = await this.findProblems(xml);
    if (check !== this.#latest) return;
    this.marks.show(problems);
    this.eventBus.fire('lint.completed', { problems });
  }
}
