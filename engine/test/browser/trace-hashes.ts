import { replay } from '../../src/time-travel/replay.js';
import { compileOne } from '../bpmn.js';
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
    hashes.push([seed, hashOf(texts.join())]);
  }
  return Object.fromEntries(hashes);
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
