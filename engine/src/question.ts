import type { Json, Variables } from './json.js';
import type { UserChange } from './user-change.js';

/**
 * What the engine wants to know before a token can move on. A question never leaves the step in which it was asked: the
 * runner gathers the questions of a whole batch, answers every kind with one set-based query, and feeds the answers back
 * as inputs. A simulation answers from its population, a test with a stub.
 */
export type Question = SegmentsQuestion | ProfileQuestion | ReachQuestion | TaskQuestion | DecisionQuestion;

/** Is the subject a member of each of these segments? Asked for `segment("vip")` in an expression. Answer: {@link SegmentsAnswer}. */
export interface SegmentsQuestion {
  readonly kind: 'segments';
  readonly segments: readonly string[];
}
export type SegmentsAnswer = Readonly<Record<string, boolean>>;

/** Who is the subject? Asked when an expression reads `user`. Answer: {@link ProfileAnswer}. */
export interface ProfileQuestion {
  readonly kind: 'profile';
}
/** The `user` of expressions and templates. `attributes` are what `updateProfile` and imports set. */
export interface ProfileAnswer {
  readonly id: string;
  readonly attributes: Variables;
  readonly tags: readonly string[];
  readonly stage: string | null;
  readonly tier: string | null;
  readonly points: number;
}

/** May the subject be reached now, under the frequency cap of the process? An allowed reach is counted by the one who answers. Answer: {@link ReachAnswer}. */
export interface ReachQuestion {
  readonly kind: 'reach';
  readonly channel: string;
  /** At most `max` messages within any `window` milliseconds, over all journeys. */
  readonly cap: { readonly max: number; readonly window: number };
}
export interface ReachAnswer {
  readonly allowed: boolean;
  /** A whole sentence when not allowed. */
  readonly reason?: string;
}

/** Work of a task type whose handler only reads and decides (kind `answer`): segment-check, tier-upgrade, update-profile, tag, and developers' own. Answer: {@link TaskAnswer}. */
export interface TaskQuestion {
  readonly kind: 'task';
  readonly type: string;
  /** Configuration after evaluation of its expressions; valid under the schema of the type. */
  readonly config: Variables;
  /** Evaluated input mappings. */
  readonly input: Variables;
}
/** What does this decision of DMN say? Whoever runs the engine evaluates it (`evaluateDecision`), in the version that is current. Answer: {@link DecisionAnswer}. */
export interface DecisionQuestion {
  readonly kind: 'decision';
  /** Id of the decision. */
  readonly decision: string;
  readonly variables: Variables;
}
export interface DecisionAnswer {
  readonly result: Json;
  /** Rules of decision tables that matched, for those who ask why. */
  readonly matched?: readonly { readonly decision: string; readonly rules: readonly string[] }[];
}

export interface TaskAnswer {
  /** What the handler found out; goes through the output mapping, or as a whole into the result variable. */
  readonly result: Json;
  /** What shall change about the user, inside the same transaction. */
  readonly changes?: readonly UserChange[];
}
