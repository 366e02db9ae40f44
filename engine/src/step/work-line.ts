import type { FlowNode } from '../flow-node.js';
import type { Token } from '../instance-state.js';
import type { WorkingToken } from './working-token.js';

/** A token that moves: its phase says whether into `node`, or on with what is to be done there. */
export interface Work {
  readonly token: WorkingToken;
  readonly node: FlowNode;
}

/** The tokens that stand in line to move, the one first that came first. */
export class WorkLine {
  /** The line is what lies between the two; the array is used again when it has come to its end, so that it grows no longer than the line. */
  private readonly work: Work[] = [];
  private nextWork = 0;
  private endOfWork = 0;
  /** Tokens that were taken away while they stood in line; null: none. */
  private gone: Set<Token> | null = null;

  add(token: WorkingToken, node: FlowNode): void {
    this.work[this.endOfWork] = { token, node };
    this.endOfWork += 1;
  }

  /** The token that has waited longest for its turn. */
  next(): Work | undefined {
    while (this.nextWork < this.endOfWork) {
      const work = this.work[this.nextWork]!;
      this.nextWork += 1;
      const due = this.isDue(work);
      if (this.nextWork === this.endOfWork) this.clear();
      if (due) return work;
    }
    return undefined;
  }

  /** All tokens that still want to move, taken out of the line. */
  drain(): readonly Work[] {
    const rest = this.work.slice(this.nextWork, this.endOfWork).filter((work) => this.isDue(work));
    this.clear();
    return rest;
  }

  /** The tokens move no more. */
  leave(gone: ReadonlySet<Token>): void {
    if (this.nextWork === this.endOfWork) return;
    this.gone ??= new Set();
    for (const token of gone) this.gone.add(token);
  }

  /** Not when the token was taken away, or sent elsewhere by an event that interrupted its element, while it stood in line. */
  private isDue({ token, node }: Work): boolean {
    return token.elementId === node.id && this.gone?.has(token) !== true;
  }

  private clear(): void {
    this.nextWork = 0;
    this.endOfWork = 0;
    this.gone = null;
  }
}
