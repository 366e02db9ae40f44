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
