import { evaluateDecision } from '../../src/dmn/decision.js';
import { replay } from '../../src/time-travel/replay.js';
import { compileOne } from '../bpmn.js';
import { decision, decisionOf, dmn, literal, requires, table } from '../dmn.js';
import { arbitraryGraph } from '../random/arbitrary-graph.js';
import { Dice } from '../random/dice.js';
import { play } from '../random/play.js';
import { randomProcess } from '../random/random-process.js';

/** By seed: a hash of all states, effects and events of a random process, and of an arbitrary graph, with random inputs. */
export async function traceHashes(seeds: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const hashes: [string, string][] = [];
  for (const seed of seeds) {
    const texts: string[] = [];
    for (const [xml, mayStay] of [
      [randomProcess(new Dice(seed)), false],
      [arbitraryGraph(new Dice(seed)), true],
    ] as const) {
      const definition = await compileOne(xml);
      const { inputs } = play(definition, new Dice(`${seed}/play`), { mayStay });
      const steps = inputs.map((input) => ({ input }));
      texts.push(JSON.stringify(replay(definition, { instanceId: 'i', subjectId: 'ada', steps })));
    }
    texts.push(await decided(new Dice(`${seed}/decide`)));
    hashes.push([seed, hashOf(texts.join())]);
  }
  return Object.fromEntries(hashes);
}

/** What a chain of decisions says to random orders: numbers, texts and times, tables that gather, and the functions between them. */
async function decided(dice: Dice): Promise<string> {
  const it = await decisionOf(
    dmn(
      decision(
        'discount',
        table(
          'hitPolicy="COLLECT" aggregation="SUM"',
          [{ expression: 'amount' }, { expression: 'tier' }],
          [{ name: 'rate' }],
          ['> 100 | - => 0.1', '- | "gold" => amount / 1000', '[10..50] | not("gold") => 0.05'],
        ),
      ) +
        decision(
          'ranks',
          table(
            'hitPolicy="RULE ORDER"',
            [{ expression: 'modulo(amount, 7)' }],
            [{ name: 'rank' }],
            ['< 3 => "low"', '>= 2 => upper case(tier)', '- => string(date("2026-01-31") + duration("P1M"))'],
          ).replaceAll('<rule id="r', '<rule id="k'),
        ) +
        decision(
          'it',
          requires('discount', 'ranks') +
            literal(
              '{ price: amount * (1 - (if discount = null then 0 else discount)), ranks: sort(ranks, function(a, b) a > b), when: string(now()) }',
            ),
        ),
    ),
  );
  const outcomes = Array.from({ length: 20 }, () =>
    evaluateDecision(it, {
      at: Date.UTC(2026, dice.below(12), 1 + dice.below(28)),
      variables: { amount: dice.below(20_000) / 100, tier: dice.pick(['gold', 'silver', 'ß']) },
    }),
  );
  return JSON.stringify(outcomes);
}

/** FNV-1a over UTF-16 code units, and a second hash beside it; 16 hex digits. */
function hashOf(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
    second ^= second >>> 15;
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
