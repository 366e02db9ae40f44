import type { Rule } from '../compile/diagram.js';
import { expression } from './expression.js';
import { unsupportedElement } from './unsupported-element.js';

/** Every rule, in the order in which problems of one level are told. */
export const rules: readonly Rule[] = [unsupportedElement, expression];
