import type { EvaluationContext, Needs } from '../expression.js';
import type { ConditionWait, QuestionWait } from '../instance-state.js';
import type { Json } from '../json.js';
import type { ProfileQuestion, Question, SegmentsQuestion } from '../question.js';
import { entriesPerQuestion } from './bounds.js';
import type { Step, WorkingToken } from './step.js';

/** Parks the token until its question is answered, within this step. */
export function ask(step: Step, token: WorkingToken, question: Question): void {
  open(step, token, token.elementId, question, {});
}

/** Asks what a condition reads that an event of the token waits for; its element goes on meanwhile. `user`: what was answered before. */
export function askForCondition(
  step: Step,
  token: WorkingToken,
  { id, elementId }: ConditionWait,
  question: ProfileQuestion | SegmentsQuestion,
  user?: Json,
): void {
  open(step, token, elementId, question, { condition: { id, ...(user === undefined ? {} : { user }) } });
}

function open(
  step: Step,
  token: WorkingToken,
  elementId: string,
  question: Question,
  purpose: Pick<QuestionWait, 'condition'>,
): void {
  const questionId = step.newId('question');
  step.addWait(token, { kind: 'question', id: questionId, elementId, about: question.kind, ...purpose });
  step.burst += entriesPerQuestion;
  step.effects.push({ kind: 'ask', questionId, elementId, question });
  step.events.push({
    kind: 'question-asked',
    elementId,
    questionId,
    question: question.kind === 'task' ? question.type : question.kind,
  });
}

/** What an expression is evaluated over; null when something must be asked before, which is then under way. */
export function contextFor(step: Step, token: WorkingToken, needs: Needs): EvaluationContext | null {
  const { at } = step;
  const { seed } = step.before;
  const { answers } = token;
  if (!needs.profile && needs.segments.length === 0) return { at, seed, variables: step.variablesOf(token) };
  const user = answers?.user;
  const segments = answers?.segments;
  const missing = needs.segments.filter((name) => segments === undefined || !Object.hasOwn(segments, name));
  const profileMissing = needs.profile && user === undefined;
  if (profileMissing) ask(step, token, { kind: 'profile' });
  if (missing.length > 0) ask(step, token, { kind: 'segments', segments: missing });
  if (profileMissing || missing.length > 0) return null;
  return {
    at,
    seed,
    variables: step.variablesOf(token),
    ...(user === undefined ? {} : { user }),
    ...(segments === undefined ? {} : { segments }),
  };
}

/** Forgets what was answered: it was true at the time of asking. A reach stays granted, so that no retry counts it twice. */
export function forgetAnswers(token: WorkingToken): void {
  token.answers = token.answers?.reach ? { reach: token.answers.reach } : null;
}
