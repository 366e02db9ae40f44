import type { Expression } from './expression.js';

/** Data associations, properties and variable mappings of an element (BPMN 2.0.2, 10.4.2): it has variables of its own while it is busy. */
export interface DataMapping {
  /** Null at the beginning: properties and data outputs. */
  readonly declared: readonly string[];
  /** The element begins when nothing is null in one of these; none at all: at once. */
  readonly required: readonly (readonly DataAssignment[])[];
  /** To the element's own variables, when it begins. */
  readonly inputs: readonly DataAssignment[];
  /** From them to the variables around it, when it is left. */
  readonly outputs: readonly DataAssignment[];
  /** Whether what the element brings stays in it, so that only the outputs go outwards. */
  readonly keepsResult: boolean;
  /** The own variable that has the result as a whole, where the result has no part of this name; null: none. */
  readonly wholeResult: string | null;
}

export interface DataAssignment {
  /** The variable. */
  readonly name: string;
  /** Names of the part in it; empty: the variable as a whole. */
  readonly path: readonly string[];
  readonly value: Expression;
}
