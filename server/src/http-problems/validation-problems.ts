import type { ValidationError } from 'class-validator';
import { fieldPath } from './json-bounds.js';
import type { ProblemDetail } from './problem-error.js';

/** The errors of class-validator as problems, one a field. A decorator's `context: { remedy }` overrides the usual remedy. */
export function validationProblems(errors: readonly ValidationError[], path = '$'): ProblemDetail[] {
  return errors.flatMap((error) => {
    const isIndex = Array.isArray(error.target);
    const field = isIndex ? `${path}[${error.property}]` : fieldPath(path, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([constraint, text]) => ({
      field,
      message: sentence(text, error.value),
      remedy: remedyOf(error, constraint),
    }));
    return [...own, ...validationProblems(error.children ?? [], field)];
  });
}

function sentence(text: string, value: unknown): string {
  const said = value === undefined ? 'The field is missing: ' : 'The field is not valid: ';
  return `${said}${text.replace(/[.]$/, '')}.`;
}

function remedyOf(error: ValidationError, constraint: string): string {
  const context: unknown = error.contexts?.[constraint];
  if (typeof context === 'object' && context !== null && 'remedy' in context && typeof context.remedy === 'string') {
    return context.remedy;
  }
  return remedies[constraint] ?? 'Correct it; /api/docs tells the shape of the request.';
}

/** By the name of class-validator's constraint. */
const remedies: Readonly<Record<string, string>> = {
  isString: 'Send a string.',
  isNotEmpty: 'Send a value that is not empty.',
  isNumber: 'Send a number.',
  isInt: 'Send a whole number.',
  isBoolean: 'Send true or false.',
  isObject: 'Send a JSON object.',
  isArray: 'Send a list.',
  isIn: 'Send one of the values named.',
  isEnum: 'Send one of the values named.',
  min: 'Send a larger number.',
  max: 'Send a smaller number.',
  minLength: 'Send a longer text.',
  maxLength: 'Send a shorter text.',
  isLength: 'Send a text of an allowed length.',
  arrayMinSize: 'Send more entries.',
  arrayMaxSize: 'Send fewer entries, in several requests if need be.',
  arrayUnique: 'Send every entry once.',
  nestedValidation: 'Send a JSON object of the documented shape.',
  unknownValue: 'Send a JSON object of the documented shape.',
  isTime: 'Send a time such as 2026-01-05T09:00:00Z.',
  matches: 'Send a text of the named pattern.',
};
