import { LintMarks } from './lint-marks.js';
import { Linter } from './linter.js';

/** Checks while drawing. Needs the values `texts` and `findProblems`. */
export default {
  __init__: ['linter'],
  lintMarks: ['type', LintMarks],
  linter: ['type', Linter],
};
