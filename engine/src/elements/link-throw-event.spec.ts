import { bpmn, flow } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { findings } from '../../test/findings.js';

const link = (name: string) => `<bpmn:linkEventDefinition name="${name}" />`;
const throwing = (id: string, name: string) =>
  `<bpmn:intermediateThrowEvent id="${id}">${link(name)}</bpmn:intermediateThrowEvent>`;
const catching = (id: string, name: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${link(name)}</bpmn:intermediateCatchEvent>`;

describe('a link throw event', () => {
  it('goes on at the catch event of its name, from wherever it is thrown', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="fork" default="f2" />${throwing('a', 'on')}${throwing('b', 'on')}
        ${throwing('c', 'off')}${catching('on', 'on')}${catching('off', 'off')}<bpmn:userTask id="after" /><bpmn:endEvent id="end" />`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b if x = 1',
          'f4: fork -> c if x = 2',
          'f5: on -> after',
          'f6: off -> end',
        ],
      ),
      { x: 1 },
    );
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.passed).toEqual(['s', 'fork', 'b', 'on']);
    expect(drive.definition.flows.size).toBe(6);
  });

  it('is what an inclusive join waits for', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:inclusiveGateway id="fork" default="f2" /><bpmn:userTask id="work" />${throwing('a', 'on')}
        ${catching('on', 'on')}<bpmn:inclusiveGateway id="join" /><bpmn:userTask id="after" />`,
        [
          'f1: s -> fork',
          'f2: fork -> join',
          'f3: fork -> work if x = 1',
          'f7: fork -> join if x = 1',
          'f4: work -> a',
          'f5: on -> join',
          'f6: join -> after',
        ],
      ),
      { x: 1 },
    );
    expect([...drive.waitingAt].sort()).toEqual(['join', 'work']);
    drive.complete('work');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('finds its catch event in its own scope only', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s" />${catching('on', 'on')}<bpmn:subProcess id="sub">${throwing('a', 'on')}<bpmn:task id="t" />${flow('g: t -> a')}</bpmn:subProcess>`,
      ['f1: s -> sub', 'f2: on -> sub'],
    );
    expect((await findings('link', xml)).map(([id]) => id)).toEqual(['a']);
  });
});
