import type { Problem } from '@xflow/schemas';
import { type BpmnElement, elementOf, elementsOf, idOf, textOf } from '../compile/bpmn-element.js';
import { compileFeel, type Feel } from '../expressions/compile-feel.js';
import type { Reading } from '../expressions/reading.js';
import { compileUnaryTests, type UnaryTests } from './unary-tests.js';

/** Where a piece of decision logic stands. */
export interface Place {
  /** Id of the decision, business knowledge model or rule. */
  readonly id: string;
  /** As in `decision "Dish" <dish>`. */
  readonly label: string;
  /** Business knowledge models that it may call. */
  readonly functions: ReadonlySet<string>;
}

const maxCharacters = 200_000;
/** A text with a mistake counts so many times: the parser of expressions takes that much longer to recover. */
const mistakeCost = 20;

/** Compiles the texts of a DMN file, and remembers all mistakes. */
export class DmnReader {
  readonly problems: Problem[] = [];
  private characters = 0;
  private readonly itemDefinitions: ReadonlyMap<string, BpmnElement>;

  constructor(definitions: BpmnElement) {
    this.itemDefinitions = new Map(
      elementsOf(definitions, 'itemDefinition').map((item) => [textOf(item, 'name') ?? '', item]),
    );
  }

  /** Null: a mistake, which is remembered; or no text. */
  feel(element: BpmnElement, what: string, place: Place): Feel | null {
    const text = textOf(element, 'text');
    if (text === null || this.hasForeignLanguage(element, what, place)) return null;
    const reading = this.bounded(text, () => compileFeel(text, place));
    if (reading.ok && reading.value.segments.length > 0)
      this.tell(place, `${what} asks for a segment.`, 'Ask in the process, and give the decision a variable.');
    return this.take(reading, what, place);
  }

  /** Null: none, or a mistake, which is remembered. */
  tests(element: BpmnElement | null, what: string, place: Place): UnaryTests | null {
    if (!element || this.hasForeignLanguage(element, what, place)) return null;
    const text = textOf(element, 'text') ?? '';
    return this.take(
      this.bounded(text, () => compileUnaryTests(text, place)),
      what,
      place,
    );
  }

  /** The values that a clause allows by itself, or by its type; null: any. */
  allowedValues(own: BpmnElement | null, typeRef: string | null, what: string, place: Place): UnaryTests | null {
    if (own && textOf(own, 'text') !== null) return this.tests(own, what, place);
    const item = typeRef === null ? undefined : this.itemDefinitions.get(typeRef);
    const ofType = item && elementOf(item, 'allowedValues');
    return ofType && textOf(ofType, 'text') !== null ? this.tests(ofType, what, place) : null;
  }

  /** The built-in type that a type stands for. */
  baseType(typeRef: string | null): string | null {
    const item = typeRef === null ? undefined : this.itemDefinitions.get(typeRef);
    return item ? textOf(item, 'typeRef') : typeRef;
  }

  tell(
    place: { readonly id: string; readonly label: string },
    message: string,
    remedy: string,
    rule = 'dmn-logic',
  ): void {
    this.add('error', rule, place, message, remedy);
  }

  warn(
    place: { readonly id: string; readonly label: string },
    message: string,
    remedy: string,
    rule = 'dmn-logic',
  ): void {
    this.add('warning', rule, place, message, remedy);
  }

  private add(
    level: Problem['level'],
    rule: string,
    { id, label }: { readonly id: string; readonly label: string },
    message: string,
    remedy: string,
  ): void {
    this.problems.push({ level, rule, elementId: id === '' ? null : id, message: `In ${label}: ${message}`, remedy });
  }

  private hasForeignLanguage(element: BpmnElement, what: string, place: Place): boolean {
    const language = textOf(element, 'expressionLanguage');
    if (language === null || /feel/i.test(language)) return false;
    this.tell(place, `${what} is written in ${language}.`, 'Write it in FEEL, and remove the expression language.');
    return true;
  }

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
      remedy: 'Split it into several files of decisions.',
    };
  }

  private take<T>(reading: Reading<T>, what: string, place: Place): T | null {
    if (reading.ok) return reading.value;
    this.tell(place, `${what} has a mistake. ${reading.reason}`, reading.remedy, 'dmn-expression');
    return null;
  }
}

/** `decision "Dish" <dish>`: how problems name an element. */
export function describe(kind: string, element: BpmnElement): string {
  const name = textOf(element, 'name');
  return name === null ? `${kind} <${idOf(element)}>` : `${kind} "${name}" <${idOf(element)}>`;
}
