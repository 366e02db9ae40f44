import type { Expression, Template } from '../expression.js';
import type { TimerSpec } from '../timer-spec.js';
import { compileCondition } from '../expressions/compile-condition.js';
import { compileExpression } from '../expressions/compile-expression.js';
import { noNeeds } from '../expressions/needs.js';
import type { Reading } from '../expressions/reading.js';
import { type Leaf, readLeaf } from '../expressions/template.js';
import { compileScript } from '../scripts/compile-script.js';
import type { Json } from '../json.js';
import { compileTimer, type MissedFirings, type TimerKind } from '../timers/compile-timer.js';
import { compileWait, type WaitText } from '../timers/compile-wait.js';
import { type BpmnElement, idOf } from './bpmn-element.js';
import type { Conversion, Mapping, Occurrence } from './diagram.js';
import { toFeel } from './foreign-expression.js';

const maxCharacters = 100_000;
/** Each is parsed in a sandbox of its own, which takes a quarter of a millisecond. */
const maxScripts = 1_000;
/** A text with a mistake counts so many times: the parser of expressions takes that much longer to recover. */
const mistakeCost = 10;

/**
 * Compiles the texts of a diagram, and remembers each with its place, so that the rules can tell all mistakes at once. What it returns for
 * a mistake is never used: a diagram with mistakes gets no Definition.
 */
export class Reader {
  private characters = 0;
  private scripts = 0;
  readonly occurrences: Occurrence[] = [];
  readonly mappings: Mapping[] = [];
  readonly conversions: Conversion[] = [];

  /** Remembers the names of entries, which must be there, and each once. */
  named<T>(element: BpmnElement, place: string, entries: readonly T[], nameOf: (entry: T) => string): readonly T[] {
    if (entries.length > 0) this.mappings.push({ element, place, names: entries.map(nameOf) });
    return entries;
  }

  condition(element: BpmnElement, text: string, language: string | null, place = 'the condition'): Expression {
    const foreign = language !== null && !/feel/i.test(language) && !/^[=$#]/.test(text) ? language : null;
    const reading: Reading<Expression> =
      foreign === null
        ? this.convert(element, text, compileCondition)
        : {
            ok: false,
            reason: `The condition is written in ${foreign}.`,
            remedy: 'Write it in FEEL, as in =amount > 100, and remove the language.',
          };
    return this.remember({ kind: 'expression', element, place, reading }, neverExpression);
  }

  /** Text that is FEEL with or without a leading `=`. */
  expression(element: BpmnElement, place: string, text: string): Expression {
    return this.remember(
      { kind: 'expression', element, place, reading: this.convert(element, text, compileExpression) },
      neverExpression,
    );
  }

  /** Text that is FEEL when it begins with `=`, and else a constant. */
  leaf(element: BpmnElement, place: string, text: string, literal?: (text: string) => Json): Leaf {
    const reading = this.bounded(text, () => readLeaf(text, literal));
    if (reading.ok && 'constant' in reading.value) return reading.value;
    const computed: Reading<Template> = reading.ok
      ? { ok: true, value: 'computed' in reading.value ? reading.value.computed : neverExpression }
      : reading;
    return { computed: this.remember({ kind: 'expression', element, place, reading: computed }, neverExpression) };
  }

  timer(element: BpmnElement, kind: TimerKind, text: string, missed: MissedFirings): TimerSpec {
    const reading = /^\s*[$#]\{/.test(text)
      ? this.convert(element, text, (feel) => compileTimer(kind, `=${feel}`, missed))
      : this.bounded(text, () => compileTimer(kind, text, missed));
    return this.remember({ kind: 'timer', element, place: 'the timer', reading }, neverTimer);
  }

  wait(element: BpmnElement, text: WaitText, standard: TimerSpec | null): TimerSpec {
    const whole = Object.values(text).join('');
    const reading = this.bounded(whole, () => compileWait(text, standard, idOf(element)));
    return this.remember({ kind: 'timer', element, place: 'the wait', reading }, neverTimer);
  }

  /** Remembers what is wrong with something that is no expression, and stands beside them. */
  mistake(element: BpmnElement, place: string, reason: string, remedy: string): void {
    this.remember({ kind: 'expression', element, place, reading: { ok: false, reason, remedy } }, neverExpression);
  }

  missingTimer(element: BpmnElement, reason: string, remedy: string): TimerSpec {
    return this.remember(
      { kind: 'timer', element, place: 'the timer', reading: { ok: false, reason, remedy } },
      neverTimer,
    );
  }

  script(element: BpmnElement, source: string): Template {
    this.scripts += 1;
    const reading: Reading<Template> =
      this.scripts <= maxScripts
        ? compileScript(source, idOf(element))
        : {
            ok: false,
            reason: `The file has more than ${maxScripts} scripts.`,
            remedy:
              'Write scripts of one expression in FEEL, or move parts of the process into processes of their own.',
          };
    return this.remember({ kind: 'script', element, place: 'the script', reading }, neverExpression);
  }

  refuseScript(element: BpmnElement, reason: string, remedy: string): Template {
    return this.remember(
      { kind: 'script', element, place: 'the script', reading: { ok: false, reason, remedy } },
      neverExpression,
    );
  }

  private convert<T>(element: BpmnElement, text: string, compile: (feel: string) => Reading<T>): Reading<T> {
    const feel = toFeel(text);
    if (feel.ok && /^[$#]\{/.test(text)) this.conversions.push({ element, from: text, to: `=${feel.value}` });
    return feel.ok ? this.bounded(feel.value, () => compile(feel.value)) : feel;
  }

  /** Parsing takes up to a tenth of a second for a page of hostile text, so that the whole file is bounded too. */
  private bounded<T>(text: string, compile: () => Reading<T>): Reading<T> {
    this.characters += text.length;
    if (this.characters <= maxCharacters) {
      const reading = compile();
      if (!reading.ok) this.characters += text.length * (mistakeCost - 1);
      return reading;
    }
    return {
      ok: false,
      reason: `The file has more than ${maxCharacters} characters of expressions, those with mistakes counted ${mistakeCost} times.`,
      remedy: 'Split the process: move parts of it into processes of their own, and call them by call activities.',
    };
  }

  private remember<T extends Expression | TimerSpec | Template>(
    occurrence: Omit<Occurrence, 'reading'> & { readonly reading: Reading<T> },
    instead: T,
  ): T {
    this.occurrences.push(occurrence);
    return occurrence.reading.ok ? occurrence.reading.value : instead;
  }
}

const never = (): never => {
  throw new Error('Expected that a diagram with mistakes has no definition.');
};
const neverExpression: Expression = { source: '', needs: noNeeds, reads: [], evaluate: never };
const neverTimer: TimerSpec = { needs: noNeeds, repeats: false, next: never };
