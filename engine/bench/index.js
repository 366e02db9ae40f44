import { advance, createInstance, stateToJson } from '../dist/index.js';
import { dialects, drawn, linear, mix, multiInstance, passing, stepIn } from './diagrams.js';
import { simulateUsersInBrowser } from './in-browser.js';
import { alternate, fastest } from './measure.js';
import { definitionOf, runInstance } from './ours.js';
import { loadPeer, runPeer } from './peer/peer.js';
import { worstExpression, worstFile, worstPage } from './hostile.js';
import { parseAlone } from './parse-alone.js';
import { simulateUsers } from './simulated-users.js';

const count = (number) => Math.round(number).toLocaleString('en');
const line = (what, ours, other, ratio) =>
  console.log(`${what.padEnd(58)} ${ours.padStart(20)}   ${other.padEnd(44)} ${ratio}`);

await againstPeer();
await inSize();
await compiling();
await hostile();
await sizeAtRest();
await users();

async function againstPeer() {
  const Engine = await loadPeer();
  const variables = { big: true, small: false };
  for (const [name, write] of [
    ['linear, 10 service tasks', (dialect) => linear(10, dialect)],
    ['15 nodes, XOR and AND', mix],
  ]) {
    const definition = await definitionOf(write(dialects.ours));
    const source = write(dialects.peer);
    const { entries } = runInstance(definition, variables);
    const { executed } = await runPeer(Engine, source, variables, false);
    const [ours, peer, peerWithState] = await alternate([
      () => {
        for (let run = 0; run < 50; run += 1) runInstance(definition, variables);
      },
      () => runPeer(Engine, source, variables, false),
      () => runPeer(Engine, source, variables, true),
    ]);
    const nodes = ours * 50 * entries;
    for (const [how, rate] of [
      ['events only', peer],
      ['events and state', peerWithState],
    ])
      line(
        `${name}: nodes/s, events and state a step`,
        count(nodes),
        `bpmn-engine 25, ${how}: ${count(rate * executed)}`,
        `${count(nodes / (rate * executed))}x`,
      );
  }
}

async function inSize() {
  const run = (definition) => () =>
    advance(definition, createInstance({ instanceId: 'i', subjectId: 'a' }), { kind: 'start', at: 0 });
  const short = await definitionOf(passing(100));
  const long = await definitionOf(passing(9_900));
  const [few, many] = await alternate([run(short), run(long)]);
  line(
    'a chain in one step: nodes/s at 9,900 nodes',
    count(many * 9_902),
    `at 100 nodes: ${count(few * 102)}`,
    `${((many * 9_902) / (few * 102)).toFixed(2)}x`,
  );
  const [thousand, tenThousand] = await alternate([
    run(await definitionOf(multiInstance(1_000))),
    run(await definitionOf(multiInstance(10_000))),
  ]);
  line(
    'multi-instance of 10,000: us/instance',
    (100 / tenThousand).toFixed(2),
    `of 1,000: ${(1000 / thousand).toFixed(2)}`,
    `${(thousand / tenThousand / 10).toFixed(2)}x the time`,
  );
  const service = async (nodes) => {
    const definition = await definitionOf(linear(nodes, dialects.ours));
    return (await fastest(() => runInstance(definition, {}))) / nodes;
  };
  const perNode = await service(9_000);
  line(
    'a chain of 9,000 service tasks, state a step: us/node',
    (perNode * 1e6).toFixed(2),
    `of 1,000: ${((await service(1_000)) * 1e6).toFixed(2)}`,
    '',
  );
  const round = async (nodes) => {
    const definition = await definitionOf(stepIn(nodes));
    const started = run(definition)().state;
    return () => {
      let state = started;
      for (let turn = 0; turn < 200; turn += 1) {
        const taskId = state.tokens[0].waits[0].id;
        ({ state } = advance(definition, state, { kind: 'task-completed', at: 0, taskId, result: { again: true } }));
      }
    };
  };
  const [small, large] = await alternate([await round(20), await round(2_000)]);
  line(
    'a step in a diagram of 2,000 nodes: us',
    ((1e6 / large / 200) | 0).toString(),
    `in one of 20: ${(1e6 / small / 200) | 0}`,
    `${(small / large).toFixed(2)}x`,
  );
}

async function compiling() {
  const xml = drawn(100);
  let salt = 0;
  // Other numbers in the conditions each time, so that none of them has been compiled before.
  const fresh = () => drawn(100).replace(/amount &gt; /g, () => `amount &gt; ${(salt += 1)}`);
  const [again, first, parse] = await alternate([
    () => definitionOf(xml),
    () => definitionOf(fresh()),
    () => parseAlone(xml),
  ]);
  for (const [what, rate] of [
    ['compile of 100 nodes, for the first time: ms', first],
    ['compile of 100 nodes, again while it is drawn: ms', again],
  ])
    line(
      what,
      (1000 / rate).toFixed(2),
      `bpmn-moddle 10, parse alone: ${(1000 / parse).toFixed(2)}`,
      `${(parse / rate).toFixed(2)}x the time`,
    );
}

async function hostile() {
  const found = [
    ['hostile expressions, to evaluate', worstExpression(), 50],
    ['pages of hostile expressions, to read', worstPage(), 100],
    ['files at the bounds, to compile', await worstFile(), 1_000],
  ];
  for (const [what, { count, source, seconds }, bound] of found)
    line(
      `the longest of ${count} ${what}: ms`,
      (seconds * 1000).toFixed(0),
      `bound: ${bound.toLocaleString('en')}`,
      source.slice(0, 60),
    );
}

async function sizeAtRest() {
  const definition = await definitionOf(mix(dialects.ours));
  const { state } = advance(
    definition,
    createInstance({ instanceId: '019a9e5c-0000-7000-8000-000000000001', subjectId: 'ada' }),
    {
      kind: 'start',
      at: 0,
      variables: { big: true, small: false },
    },
  );
  line('state of a 15-node instance at rest: bytes', String(Buffer.byteLength(stateToJson(state))), 'bound: 1,000', '');
}

async function users() {
  const here = await simulateUsers(100_000);
  line('100,000 users through a 15-node journey, Node: s', here.toFixed(1), 'bound: 10', `${(10 / here).toFixed(1)}x`);
  const browser = await simulateUsersInBrowser(100_000);
  if (browser === null) line('the same in a worker of Chromium', 'no Chromium', 'set CHROMIUM_PATH', '');
  else line('the same in a worker of Chromium: s', browser.toFixed(1), 'bound: 20', `${(20 / browser).toFixed(1)}x`);
}
