import type { SegmentRule } from '@xflow/schemas';
import { fieldPath } from '../http-problems/json-bounds.js';
import type { ProblemDetail } from '../http-problems/problem-error.js';
import { checkAttribute, checkEvent } from './check-segment-leaf.js';

/** Deepest nesting of all, any and not. */
export const maxRuleDepth = 20;
/** Most conditions of a rule, those of the segments it names included. */
export const maxRuleConditions = 500;

const branches = ['all', 'any', 'not', 'attribute', 'event', 'tag', 'stage', 'tier', 'segment'] as const;
type Branch = (typeof branches)[number];

/** What may stand beside the branch. */
const companions: Readonly<Record<Branch, readonly string[]>> = {
  all: [],
  any: [],
  not: [],
  attribute: ['operator', 'value'],
  event: ['aggregate', 'of', 'where', 'window', 'operator', 'value'],
  tag: [],
  stage: [],
  tier: [],
  segment: [],
};

/** Another segment that a rule names, and where. */
export interface SegmentReference {
  readonly segment: string;
  /** JSONPath of the place. */
  readonly field: string;
}

export type CheckedSegmentRule =
  | { readonly ok: true; readonly rule: SegmentRule; readonly references: readonly SegmentReference[] }
  | { readonly ok: false; readonly problems: readonly ProblemDetail[] };

/**
 * Whether a value is a rule that can be evaluated, as far as the rule alone can tell; the segments that it names are
 * listed for the caller to look up. All problems are reported at once.
 * @param field JSONPath of the rule, with which the fields of the problems begin
 */
export function checkSegmentRule(value: unknown, field: string): CheckedSegmentRule {
  const check: RuleCheck = { problems: [], references: [], conditions: 0 };
  checkRule(value, field, 1, check);
  if (check.conditions > maxRuleConditions) {
    check.problems.push({
      field,
      message: `The rule has ${check.conditions} conditions, and at most ${maxRuleConditions} are evaluated.`,
      remedy: 'Leave some out, or say several values with one "in".',
    });
  }
  return check.problems.length > 0
    ? { ok: false, problems: check.problems }
    : { ok: true, rule: value as SegmentRule, references: check.references };
}

interface RuleCheck {
  readonly problems: ProblemDetail[];
  readonly references: SegmentReference[];
  conditions: number;
}

function checkRule(value: unknown, field: string, depth: number, check: RuleCheck): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    check.problems.push({ field, message: 'A rule is a JSON object.', remedy: 'Send one, such as { "tag": "vip" }.' });
    return;
  }
  if (depth > maxRuleDepth) {
    check.problems.push({
      field,
      message: `The rule is nested deeper than ${maxRuleDepth} levels.`,
      remedy: 'Flatten it, or make a segment of its inner part and name that.',
    });
    return;
  }
  const rule = value as Readonly<Record<string, unknown>>;
  const present = branches.filter((branch) => Object.hasOwn(rule, branch));
  const [branch] = present;
  if (branch === undefined || present.length > 1) {
    const said = branch === undefined ? 'none' : present.join(', ');
    check.problems.push({
      field,
      message: `A rule has exactly one of ${branches.join(', ')}; this one has ${said}.`,
      remedy: 'Combine several conditions with all or any.',
    });
    return;
  }
  for (const key of Object.keys(rule)) {
    if (key === branch || companions[branch].includes(key)) continue;
    check.problems.push({
      field: fieldPath(field, key),
      message: `A rule with ${branch} has no field ${key}.`,
      remedy:
        companions[branch].length === 0
          ? 'Leave it out.'
          : `Leave it out; beside ${branch} there may be ${companions[branch].join(', ')}.`,
    });
  }
  checkBranch(branch, rule, field, depth, check);
}

function checkBranch(
  branch: Branch,
  rule: Readonly<Record<string, unknown>>,
  field: string,
  depth: number,
  check: RuleCheck,
): void {
  const at = fieldPath(field, branch);
  const value = rule[branch];
  if (branch === 'all' || branch === 'any') {
    if (!Array.isArray(value) || value.length < 1 || value.length > 50) {
      check.problems.push({ field: at, message: `${branch} is a list of 1 to 50 rules.`, remedy: 'Send such a list.' });
      return;
    }
    value.forEach((inner, index) => {
      checkRule(inner, `${at}[${index}]`, depth + 1, check);
    });
    return;
  }
  if (branch === 'not') {
    checkRule(value, at, depth + 1, check);
    return;
  }
  check.conditions += 1;
  if (typeof value !== 'string' || value.length < 1 || value.length > 200) {
    check.problems.push({ field: at, message: `${branch} is a name of 1 to 200 characters.`, remedy: 'Send one.' });
  } else if (branch === 'segment') {
    check.references.push({ segment: value, field: at });
  }
  if (branch === 'attribute') checkAttribute(rule, field, check.problems);
  if (branch === 'event') checkEvent(rule, field, check.problems);
}
