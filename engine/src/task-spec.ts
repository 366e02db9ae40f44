import type { DataAssignment } from './data-mapping.js';
import type { Template } from './expression.js';
import type { Variables } from './json.js';

export interface TaskSpec {
  /** Type of the handler. */
  readonly taskType: string;
  /** `answer`: asked within the step. `job`: done after the commit. */
  readonly kind: 'answer' | 'job';
  /** Configuration by name. Literals are converted at compile time to what the schema of the type asks for. */
  readonly config: Template;
  readonly input: Template;
  readonly outputs: readonly DataAssignment[];
  /** Variable for the whole result where there are no outputs; null: the result is dropped. */
  readonly resultVariable: string | null;
  /** How often a job is attempted in all, and the milliseconds after each failed attempt, the last also after all further ones; null, or an empty list: as usual for its type. */
  readonly retry: { readonly attempts: number | null; readonly backoff: readonly number[] } | null;
  /** Where there are neither outputs nor a resultVariable: an object as result is merged into the variables (jobs of other engines' diagrams). */
  readonly mergesResult: boolean;
  /** Checks an evaluated configuration; the problems found as whole sentences, none when it is valid. */
  readonly validateConfig: (config: Variables) => readonly string[];
}
