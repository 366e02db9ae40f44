import { bpmn, timer } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('start-event', () => {
  it('finds a process that cannot begin', async () => {
    expect(await findings('start-event', bpmn('<bpmn:endEvent id="end" />'))).toEqual([
      ['journey', '"Journey" <journey> has no start event, so it can never begin.'],
    ]);
  });

  it('finds a second start event of a subprocess, and accepts several of a process', async () => {
    const two = (id: string) => `<bpmn:startEvent id="${id}1" /><bpmn:startEvent id="${id}2" />`;
    expect(
      await findings('start-event', bpmn(two('a') + `<bpmn:subProcess id="it">${two('b')}</bpmn:subProcess>`)),
    ).toEqual([['b2', 'Subprocess <it> has more than one start event, and <b2> is one too many.']]);
  });

  it('finds a trigger in a subprocess', async () => {
    expect(
      await findings(
        'start-event',
        bpmn(
          inARow(
            `<bpmn:subProcess id="it"><bpmn:startEvent id="late">${timer('P1D')}</bpmn:startEvent></bpmn:subProcess>`,
          ),
        ),
      ),
    ).toEqual([['late', '<late> waits for a trigger, and a subprocess begins at once.']]);
  });

  it('finds event subprocesses without one start event that waits for something', async () => {
    const event = (id: string, content: string) =>
      `<bpmn:subProcess id="${id}" triggeredByEvent="true">${content}<bpmn:task id="${id}_task" /></bpmn:subProcess>`;
    const begin = (id: string) => `<bpmn:startEvent id="${id}">${timer('P1D')}</bpmn:startEvent>`;
    expect(
      await findings(
        'start-event',
        bpmn(
          `<bpmn:startEvent id="s" />${event('none', '')}${event('two', begin('x') + begin('y'))}${event('idle', '<bpmn:startEvent id="z" />')}${event('good', begin('g'))}`,
        ),
      ),
    ).toEqual([
      ['none', 'Event subprocess <none> has no start event, so nobody can say when it begins.'],
      ['two', 'Event subprocess <two> has more than one start event, so nobody can say when it begins.'],
      ['z', 'Start event <z> of event subprocess <idle> waits for nothing.'],
    ]);
  });

  it('accepts elements that start by themselves', async () => {
    expect(await findings('start-event', bpmn('<bpmn:task id="a" />'))).toEqual([]);
  });
});
