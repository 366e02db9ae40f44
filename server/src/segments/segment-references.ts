import type { SegmentRule } from '@xflow/schemas';
import type { ProblemDetail } from '../http-problems/problem-error.js';
import { maxRuleConditions } from './check-segment-rule.js';

/** Deepest nesting of a rule once the rules of the segments it names stand in their places. */
export const maxExpandedDepth = 100;

/** Names of the segments that a rule names directly. */
export function segmentsNamedBy(rule: SegmentRule): string[] {
  if (rule.segment !== undefined) return [rule.segment];
  const inner = rule.all ?? rule.any ?? (rule.not === undefined ? [] : [rule.not]);
  return inner.flatMap(segmentsNamedBy);
}

/**
 * What is wrong with a rule, or with the rules that name it, once every segment is replaced by its rule: unknown names,
 * circles, and more conditions or deeper nesting than are evaluated.
 * @param segments all segments as they would stand, the one in question included
 * @param entry name of the segment in question; or null when `rule` stands by itself, in a ladder or in an evaluation
 */
export function referenceProblems(
  rule: SegmentRule,
  field: string,
  segments: ReadonlyMap<string, SegmentRule>,
  entry: string | null,
): ProblemDetail[] {
  const unknown = [...new Set(segmentsNamedBy(rule))].filter((name) => !segments.has(name));
  if (unknown.length > 0) {
    return unknown.map((name) => ({
      field,
      message: `The rule names the segment "${name}", which does not exist.`,
      remedy: 'Create that segment first, or correct the name. GET /api/segments lists the names.',
    }));
  }
  const sizes = new Map<string, Size>();
  const problems: ProblemDetail[] = [];
  const own = expandedSize(rule, segments, sizes, entry === null ? [] : [entry]);
  const affected: [string | null, Size][] = [[entry, own]];
  if (entry !== null) {
    for (const name of segments.keys()) {
      if (name !== entry && reaches(name, entry, segments)) {
        affected.push([name, expandedSize({ segment: name }, segments, sizes, [])]);
      }
    }
  }
  for (const [name, size] of affected) {
    const who = name === entry ? 'The rule' : `The segment "${name}", which names this one,`;
    if ('circle' in size) {
      if (name !== entry) continue;
      problems.push({
        field,
        message: `The rule comes back to itself: ${size.circle.map((step) => `"${step}"`).join(' -> ')}.`,
        remedy: 'Take one of these references out.',
      });
    } else if (size.conditions > maxRuleConditions || size.depth > maxExpandedDepth) {
      problems.push({
        field,
        message:
          `${who} has ${size.conditions} conditions, nested ${size.depth} deep, with those of the segments it names; ` +
          `at most ${maxRuleConditions} and ${maxExpandedDepth} are evaluated.`,
        remedy: 'Leave conditions out.',
      });
    }
  }
  return problems;
}

type Size = { readonly conditions: number; readonly depth: number } | { readonly circle: readonly string[] };

/** @param path the segments on the way here, to notice a circle */
function expandedSize(
  rule: SegmentRule,
  segments: ReadonlyMap<string, SegmentRule>,
  sizes: Map<string, Size>,
  path: readonly string[],
): Size {
  if (rule.segment !== undefined) {
    const start = path.indexOf(rule.segment);
    if (start >= 0) return { circle: [...path.slice(start), rule.segment] };
    const known = sizes.get(rule.segment);
    if (known !== undefined) return known;
    const inner = segments.get(rule.segment);
    if (inner === undefined) return { conditions: 1, depth: 1 };
    const size = deeper(expandedSize(inner, segments, sizes, [...path, rule.segment]));
    sizes.set(rule.segment, size);
    return size;
  }
  const inner = rule.all ?? rule.any ?? (rule.not === undefined ? [] : [rule.not]);
  let conditions = inner.length === 0 ? 1 : 0;
  let depth = 0;
  for (const part of inner) {
    const size = expandedSize(part, segments, sizes, path);
    if ('circle' in size) return size;
    conditions += size.conditions;
    depth = Math.max(depth, size.depth);
  }
  return { conditions, depth: depth + 1 };
}

function deeper(size: Size): Size {
  return 'circle' in size ? size : { conditions: size.conditions, depth: size.depth + 1 };
}

function reaches(from: string, target: string, segments: ReadonlyMap<string, SegmentRule>): boolean {
  const seen = new Set([from]);
  for (const name of seen) {
    if (name === target) return true;
    const rule = segments.get(name);
    if (rule !== undefined) for (const next of segmentsNamedBy(rule)) seen.add(next);
  }
  return false;
}
