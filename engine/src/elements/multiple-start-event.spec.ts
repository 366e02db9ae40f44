import { bpmn, compileOne, message, onCondition, onMessage, onSignal, signal, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { compile } from '../compile/compile.js';

const starting = (definitions: string, attributes = 'parallelMultiple="true"') =>
  bpmn(
    `<bpmn:startEvent id="begin" ${attributes}>${definitions}</bpmn:startEvent><bpmn:userTask id="a" />`,
    ['f1: begin -> a'],
    message('ask') + signal('alarm'),
  );
const started = async (definitions: string, startEventPart: number, variables = {}) => {
  const drive = new Drive(await compileOne(starting(definitions)));
  return drive.feed({ kind: 'start', at: drive.at, startEventId: 'begin', startEventPart, variables });
};

describe('a multiple start event', () => {
  it('begins an instance with any of its events', async () => {
    const definition = await compileOne(starting(onMessage('ask') + onSignal('alarm'), ''));
    expect(definition.startEvents).toEqual([
      { kind: 'message', id: 'begin', messageName: 'ask' },
      { kind: 'signal', id: 'begin', signalName: 'alarm' },
    ]);
    const drive = new Drive(definition);
    expect(drive.feed({ kind: 'start', at: drive.at, startEventId: 'begin' }).waitingAt).toEqual(['a']);
  });
});

describe('a parallel multiple start event', () => {
  const both = onMessage('ask') + onSignal('alarm');

  it('begins an instance with the first of its events, and waits in it for the others', async () => {
    const drive = await started(both, 1, { level: 1 });
    expect(drive.waitingAt).toEqual(['begin']);
    expect(drive.all('open-subscription')).toMatchObject([
      { event: 'message', messageName: 'ask', correlationKey: 'ada' },
    ]);
    drive.message('begin', { n: 2 });
    expect(drive.waitingAt).toEqual(['a']);
    expect(drive.variables).toEqual({ level: 1, n: 2 });
    expect((await started(both, 0)).signal('begin').waitingAt).toEqual(['a']);
  });

  it('says which event begins it', async () => {
    expect((await compileOne(starting(timer('P1D') + both))).startEvents).toEqual([
      { kind: 'message', id: 'begin', messageName: 'ask', part: 1 },
      { kind: 'signal', id: 'begin', signalName: 'alarm', part: 2 },
    ]);
  });

  it('waits for its time from then on, and for a condition that may be true already', async () => {
    const drive = await started(onMessage('ask') + timer('P1D') + onCondition('n > 1'), 0, { n: 2 });
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'timer', detail: '2026-01-06T09:00:00.000Z' }]);
    expect(drive.timer('begin').waitingAt).toEqual(['a']);
  });

  it('knows by what it has begun when it has asked something', async () => {
    const xml = starting(onMessage('ask') + onCondition('user.points > 1'));
    const drive = new Drive(await compileOne(xml), () => ({ points: 1 }));
    drive.feed({ kind: 'start', at: drive.at, startEventId: 'begin', startEventPart: 0 });
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'condition' }]);
  });

  it('waits for nothing when it is started by hand', async () => {
    expect((await Drive.start(starting(both))).waitingAt).toEqual(['a']);
  });

  it('is refused when nothing but time could begin it', async () => {
    const { problems } = await compile(starting(timer('P1D') + timer('P2D')));
    expect(problems.map(({ rule }) => rule)).toContain('unsupported-element');
  });
});
