/** Steps that one search may take; about a tenth of a second. */
const maxCost = 50_000_000;

/**
 * Refuses what a backtracking engine could search for longer than anyone waits. An upper bound for the steps: every choice multiplies by its
 * branches, every unlimited repetition by the length of the text, and a search that may begin anywhere once more. Throws an Error that says why.
 */
export function assertCheapSearch(pattern: string, text: string, flags: string): void {
  if (pattern.length > 1_000) throw new Error('the pattern has more than 1000 characters.');
  if (searchCost(pattern, text.length, flags) > maxCost)
    throw new Error(
      `the pattern ${pattern} could take too long on a text of ${text.length} characters; use a simpler pattern.`,
    );
}

function searchCost(pattern: string, length: number, flags: string): number {
  let cost = pattern.startsWith('^') && !flags.includes('m') ? 1 : length + 1;
  /** Whether the group at this depth contains a choice or a repetition. */
  const groups: boolean[] = [false];
  let closed = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    const repetition = /^(?:[*+?]|\{(\d{1,9})(,?)(\d{0,9})\})/.exec(pattern.slice(at, at + 24));
    if (repetition) {
      const [whole, from, comma, until] = repetition;
      if (closed && whole !== '?') return Infinity;
      cost *= branchesOf(whole, from, comma, until, length);
      groups[groups.length - 1] = true;
      at += whole.length - 1;
      if (pattern[at + 1] === '?') at += 1;
      closed = false;
      continue;
    }
    closed = false;
    if (character === '\\') {
      if (/[1-9k]/.test(pattern[at + 1] ?? '')) return Infinity;
      at += 1;
    } else if (character === '[') {
      for (at += 1; at < pattern.length && pattern[at] !== ']'; at += 1) if (pattern[at] === '\\') at += 1;
    } else if (character === '(') {
      if (/^\(\?[=!<]/.test(pattern.slice(at, at + 3))) return Infinity;
      groups.push(false);
      if (pattern.startsWith('?:', at + 1)) at += 2;
    } else if (character === ')') {
      closed = groups.pop() === true;
      if (closed) groups[groups.length - 1] = true;
    } else if (character === '|') {
      cost *= 2;
      groups[groups.length - 1] = true;
      // Alternatives at the top do not multiply, but their bound is simple, and patterns have few.
    }
  }
  return cost;
}

function branchesOf(
  whole: string,
  from: string | undefined,
  comma: string | undefined,
  until: string | undefined,
  length: number,
): number {
  if (whole === '?') return 2;
  if (from === undefined || (comma === ',' && until === '')) return length + 1;
  return until === undefined || until === '' ? Number(from) + 1 : Number(until) - Number(from) + 1;
}
