import type { LoopState, Token, WithOnly } from '../instance-state.js';
import type { Json } from '../json.js';

/** A token that the step may change. */
export type WorkingToken = Writable<Omit<Token, 'loop'>> & { loop?: WorkingLoop };
type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
export interface WorkingLoop extends LoopState {
  started: number;
  completed: number;
  terminated: number;
  output?: Json[];
}

type EveryFieldOfToken = WithOnly<
  Token,
  | ('id' | 'elementId' | 'scopeId' | 'visit' | 'phase' | 'arrivedBy' | 'armed' | 'waits' | 'answers' | 'result')
  | ('todo' | 'locals' | 'startedBy' | 'startAt' | 'toArm' | 'loop')
>;

/** A copy that the step may change; field by field: V8 gives every copy made by spreading a hidden class of its own, and everything that reads it is slower. */
export function workingCopyOf(token: EveryFieldOfToken): WorkingToken {
  const { id, elementId, scopeId, visit, phase, arrivedBy, armed, waits, answers, result } = token;
  const { todo, locals, startedBy, startAt, toArm, loop } = token;
  const copy: WorkingToken = { id, elementId, scopeId, visit, phase, arrivedBy, armed, waits, answers, result };
  if (todo !== undefined) copy.todo = todo;
  if (locals !== undefined) copy.locals = locals;
  if (startedBy !== undefined) copy.startedBy = startedBy;
  if (startAt !== undefined) copy.startAt = startAt;
  if (toArm !== undefined) copy.toArm = toArm;
  if (loop?.output !== undefined) copy.loop = { ...loop, output: [...loop.output] };
  else if (loop !== undefined) copy.loop = { ...loop } as WorkingLoop;
  return copy;
}
