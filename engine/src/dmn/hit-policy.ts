import type { Evaluation } from './evaluation.js';
import { equal } from './unary-tests.js';

/** DMN 1.3, 8.2.10. */
export const hitPolicies = ['UNIQUE', 'FIRST', 'PRIORITY', 'ANY', 'COLLECT', 'RULE ORDER', 'OUTPUT ORDER'] as const;
export type HitPolicy = (typeof hitPolicies)[number];
export const aggregators = ['SUM', 'COUNT', 'MIN', 'MAX'] as const;
export type Aggregator = (typeof aggregators)[number];

/** Those that give a list of the outputs of all rules that matched. */
export function givesList(policy: HitPolicy): boolean {
  return policy === 'COLLECT' || policy === 'RULE ORDER' || policy === 'OUTPUT ORDER';
}

/** The output of one rule that matched: values by column, and the value it stands for. */
export interface Hit {
  readonly rule: string;
  readonly values: readonly unknown[];
  readonly result: unknown;
}

/** Makes one value of the rules that matched, at least one. `priority` compares two hits by the order of the allowed output values. */
export function applyHitPolicy(
  policy: HitPolicy,
  aggregator: Aggregator | null,
  hits: readonly Hit[],
  priority: (left: Hit, right: Hit) => number,
  evaluation: Evaluation,
): unknown {
  const [first] = hits;
  const results = hits.map(({ result }) => result);
  evaluation.meter.work += hits.length;
  switch (policy) {
    case 'UNIQUE':
      if (hits.length > 1)
        throw new Error(`The rules ${names(hits)} match at once, and the hit policy is UNIQUE: only one may match.`);
      return first?.result;
    case 'ANY': {
      const other = hits.find(({ result }) => !equal(result, first?.result));
      if (first && other)
        throw new Error(`The rules ${names([first, other])} match with different outputs, and the hit policy is ANY.`);
      return first?.result;
    }
    case 'FIRST':
      return first?.result;
    case 'PRIORITY':
      return [...hits].sort(priority)[0]?.result;
    case 'OUTPUT ORDER':
      return [...hits].sort(priority).map(({ result }) => result);
    case 'RULE ORDER':
      return results;
    case 'COLLECT':
      return aggregator === null ? results : aggregate(aggregator, results);
  }
}

function names(hits: readonly Hit[]): string {
  return hits
    .slice(0, 5)
    .map(({ rule }) => `<${rule}>`)
    .join(', ');
}

function aggregate(aggregator: Aggregator, results: readonly unknown[]): unknown {
  if (aggregator === 'COUNT') return results.length;
  const numbers = results.filter((value) => typeof value === 'number');
  if (numbers.length < results.length)
    throw new Error(`The outputs are to be aggregated by ${aggregator}, and not all of them are numbers.`);
  if (aggregator === 'SUM') return numbers.reduce((sum, value) => sum + value, 0);
  return numbers.reduce((best, value) => (aggregator === 'MIN' ? Math.min(best, value) : Math.max(best, value)));
}
