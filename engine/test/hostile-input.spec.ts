import { compile } from '../src/compile/compile.js';
import { createSimulation } from '../src/simulation/create-simulation.js';
import { bpmn, compileOne, cycle } from './bpmn.js';
import { Drive } from './drive.js';

const utf16 = (text: string, encoding: 'utf8' | 'latin1'): string => Buffer.from(text, 'utf16le').toString(encoding);
const plain = bpmn('<bpmn:task id="a" />');

describe('hostile files', () => {
  it.each([
    ['UTF-16', utf16(plain, 'utf8')],
    ['UTF-16 read byte by byte', utf16(plain, 'latin1')],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]).toString('latin1')],
    ['truncated', plain.slice(0, -40)],
    ['with a DOCTYPE', plain.replace('<bpmn:def', '<!DOCTYPE bpmn:definitions SYSTEM "file:///etc/passwd"><bpmn:def')],
    [
      'with entities of entities',
      plain.replace('<bpmn:def', '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><bpmn:def'),
    ],
    ['with a reference to no character', plain.replace('id="a"', 'id="a" name="&#0;"')],
    ['with half of a character', plain.replace('id="a"', 'id="a" name="&#xD800;"')],
    ['with an id of a megabyte', plain.replace('id="a"', `id="${'a'.repeat(1_000_000)}"`)],
    [
      'of 100,000 elements',
      bpmn(`<bpmn:subProcess id="p">${'<bpmn:task />'.repeat(24_000)}</bpmn:subProcess>`.repeat(5)),
    ],
    ['of 25,000 elements in one', bpmn('<bpmn:task />'.repeat(25_001))],
    [
      'of 1,001 scripts',
      bpmn(
        Array.from(
          { length: 1_001 },
          (_, at) => `<bpmn:scriptTask id="s${at}"><bpmn:script>return ${at}</bpmn:script></bpmn:scriptTask>`,
        ).join(''),
      ),
    ],
    [
      'with 100,000 attributes',
      plain.replace('id="a"', Array.from({ length: 100_000 }, (_, at) => `a${at}=""`).join(' ')),
    ],
    ['nested 20,000 deep', bpmn('<bpmn:subProcess>'.repeat(20_000))],
    ['of subprocesses without ids', bpmn('<bpmn:subProcess>'.repeat(150) + '</bpmn:subProcess>'.repeat(150))],
    ['with a timer that repeats without a pause', bpmn(`<bpmn:startEvent id="s">${cycle('R/PT0S')}</bpmn:startEvent>`)],
  ])('%s are refused', async (_what, xml) => {
    const { ok, problems } = await compile(xml);
    expect([ok, problems.length > 0]).toEqual([false, true]);
  });

  it('are read to the end when they only have an entity that nobody declared, whatever it is called', async () => {
    const { ok } = await compile(plain.replace('id="a"', 'id="a" name="&lol; &__proto__;"'));
    expect(ok).toBe(true);
  });

  it('are compiled at the bound of their size', async () => {
    const chain = Array.from({ length: 12_000 }, (_, at) => `<bpmn:task id="t${at}" />`).join('');
    const flows = Array.from({ length: 11_999 }, (_, at) => `f${at}: t${at} -> t${at + 1}`);
    expect((await compile(bpmn(chain, flows))).ok).toBe(true);
  });

  it('may use the names that every object has as ids', async () => {
    const drive = await Drive.start(
      bpmn(
        '<bpmn:startEvent id="constructor" /><bpmn:userTask id="__proto__" /><bpmn:endEvent id="hasOwnProperty" />',
        ['toString: constructor -> __proto__', 'valueOf: __proto__ -> hasOwnProperty'],
      ),
      JSON.parse('{"__proto__": 1}') as Record<string, never>,
    );
    expect(drive.waitingAt).toEqual(['__proto__']);
    expect(drive.complete('__proto__').status).toBe('completed');
  });
});

describe('hostile processes', () => {
  it('that multiply their tokens without end stop under an incident', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="again" /><bpmn:parallelGateway id="fork" />', [
        'f1: s -> again',
        'f2: again -> fork',
        'f3: fork -> again',
        'f4: fork -> again',
      ]),
    );
    expect(drive.state.incidents.map(({ type }) => type)).toContain('bound-reached');
  });

  it('that go round without a wait stop under an incident', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:task id="again" />', ['f1: s -> again', 'f2: again -> again']),
    );
    expect(drive.incident.type).toBe('bound-reached');
  });

  it('that ask for a billion of instances of an activity get an incident', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=1000000000</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:userTask id="many">${loop}</bpmn:userTask>`, ['f1: s -> many']),
    );
    expect(drive.state.incidents).toHaveLength(1);
    expect(drive.all('create-task')).toEqual([]);
  });

  it('that loop for as long as a condition holds stop under an incident', async () => {
    const loop =
      '<bpmn:standardLoopCharacteristics><bpmn:loopCondition>=true</bpmn:loopCondition></bpmn:standardLoopCharacteristics>';
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:task id="again">${loop}</bpmn:task>`, ['f1: s -> again']),
    );
    expect(drive.incident.type).toBe('bound-reached');
  });

  it('that ask for a billion of tokens by a quantity stop under an incident', async () => {
    const drive = await Drive.start(
      bpmn(
        '<bpmn:startEvent id="s" /><bpmn:task id="many" completionQuantity="1000000000" /><bpmn:userTask id="t" />',
        ['f1: s -> many', 'f2: many -> t'],
      ),
    );
    expect(drive.incident.type).toBe('bound-reached');
  });

  it('that multiply instances of an activity by activities inside stop under an incident', async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=10000</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:subProcess id="outer">${loop}<bpmn:userTask id="inner">${loop}</bpmn:userTask></bpmn:subProcess>`,
        ['f1: s -> outer'],
      ),
    );
    expect(drive.state.incidents.map(({ type }) => type)).toContain('bound-reached');
  });

  it('whose timer turns out to repeat without a pause get an incident', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:userTask id="t" /><bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">${cycle('=pause')}</bpmn:boundaryEvent><bpmn:endEvent id="e" />`,
        ['f1: s -> t', 'f2: b -> e'],
      ),
      { pause: 'R/PT0S' },
    );
    expect(drive.incident.elementId).toBe('b');
  });

  it('that call each other stop at a depth', async () => {
    const calls = (key: string, called: string) =>
      bpmn(`<bpmn:startEvent id="s" /><bpmn:callActivity id="other" calledElement="${called}" />`, [
        'f1: s -> other',
      ]).replace('id="journey"', `id="${key}"`);
    const definitions = [await compileOne(calls('ping', 'pong')), await compileOne(calls('pong', 'ping'))];
    const simulation = createSimulation({ definitions, now: '2026-01-05T09:00:00Z', seed: 'seed' });
    simulation.start('ping');
    expect(simulation.instances().length).toBeLessThan(100);
    expect(simulation.instances().some(({ incidents }) => incidents.length > 0)).toBe(true);
  });

  it('that call themselves stop at a depth', async () => {
    const definition = await compileOne(
      bpmn('<bpmn:startEvent id="s" /><bpmn:callActivity id="me" calledElement="journey" />', ['f1: s -> me']),
    );
    const simulation = createSimulation({ definitions: [definition], now: '2026-01-05T09:00:00Z', seed: 'seed' });
    simulation.start('journey');
    expect(simulation.instances().length).toBeLessThan(100);
    expect(simulation.instances().some(({ incidents }) => incidents.length > 0)).toBe(true);
  });
});
