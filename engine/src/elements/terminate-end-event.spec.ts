import { bpmn, extensions, flow, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const terminate = (id: string) => `<bpmn:endEvent id="${id}"><bpmn:terminateEventDefinition /></bpmn:endEvent>`;
const wait = (id: string) => `<bpmn:intermediateCatchEvent id="${id}">${timer('P1D')}</bpmn:intermediateCatchEvent>`;

describe('a terminate end event', () => {
  it('ends the instance, whatever else goes on', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${wait('w')}<bpmn:userTask id="a" />${terminate('t')}`,
        ['f1: s -> fork', 'f2: fork -> w', 'f3: fork -> a', 'f4: a -> t'],
      ),
    );
    drive.complete('a');
    expect(drive.status).toBe('terminated');
    expect(drive.all('cancel-timer')).toHaveLength(1);
    expect(drive.all('end')).toEqual([{ kind: 'end', outcome: 'terminated', variables: {} }]);
  });

  it('ends nothing but its own scope', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${wait('w')}
         <bpmn:subProcess id="sub"><bpmn:startEvent id="s2" /><bpmn:parallelGateway id="fork2" />${wait('w2')}${terminate('t')}
         ${['g1: s2 -> fork2', 'g2: fork2 -> w2', 'g3: fork2 -> t'].map(flow).join('')}</bpmn:subProcess>
         <bpmn:userTask id="after" />`,
        ['f1: s -> fork', 'f2: fork -> w', 'f3: fork -> sub', 'f4: sub -> after'],
      ),
    );
    expect(drive.waitingAt).toEqual(['w', 'after']);
    expect(drive.status).toBe('active');
  });

  it.each([
    ['in the process', '', ''],
    ['in a subprocess', '<bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />', '</bpmn:subProcess>'],
  ])(
    'takes back what was asked in the same step, so that nobody is reached for nothing: %s',
    async (_, before, after) => {
      const mail = `<bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hello" />')}</bpmn:sendTask>`;
      const inner = `<bpmn:parallelGateway id="fork" />${mail}${terminate('t')}${flow('f2: fork -> mail')}${flow('f3: fork -> t')}`;
      const xml = bpmn(
        `<bpmn:startEvent id="s" />${before}${inner}${after === '' ? '' : flow('f4: s2 -> fork')}${after}`,
        [after === '' ? 'f1: s -> fork' : 'f1: s -> sub'],
        '',
        '<xflow:frequencyCap max="2" window="P1D" />',
      );
      const drive = await Drive.start(xml);
      expect(drive.status).toBe(after === '' ? 'terminated' : 'completed');
      expect(drive.all('ask')).toEqual([]);
      expect(drive.events.filter(({ kind }) => kind === 'question-asked')).toEqual([]);
    },
  );
});
