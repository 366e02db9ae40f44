import { bpmn, flow, timer } from '../test/bpmn.js';
import { Drive } from '../test/drive.js';
import { createInstance } from './create-instance.js';
import { inspect } from './inspect.js';

const xml = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:startEvent id="s2" /><bpmn:userTask id="a" name="Approve" />${flow('g1: s2 -> a')}</bpmn:subProcess>
   <bpmn:boundaryEvent id="late" attachedToRef="sub">${timer('P1D')}</bpmn:boundaryEvent><bpmn:endEvent id="e" />`,
  ['f1: s -> sub', 'f2: late -> e'],
);

describe('inspect', () => {
  it('shows tokens with everything that they wait for', async () => {
    const { view } = await Drive.start(xml, { n: 1 });
    expect(view).toEqual({
      status: 'active',
      stage: null,
      tokens: [
        {
          id: 'token-2',
          elementId: 'sub',
          elementName: null,
          waitingFor: [{ kind: 'timer', detail: '2026-01-06T09:00:00.000Z' }, { kind: 'children' }],
        },
        {
          id: expect.any(String) as string,
          elementId: 'a',
          elementName: 'Approve',
          waitingFor: [{ kind: 'user-task' }],
        },
      ],
      scopes: [
        { id: 'scope-1', elementId: 'journey', variables: { n: 1 } },
        { id: expect.any(String) as string, elementId: 'sub', variables: {} },
      ],
      variables: { n: 1 },
      incidents: [],
      waitingAt: ['a'],
    });
  });

  it('shows an instance before its start as one that waits for nothing', async () => {
    const { definition } = await Drive.start(xml);
    const fresh = createInstance({ instanceId: 'i', subjectId: 'u', businessKey: 'order-7' });
    expect(inspect(definition, fresh)).toMatchObject({ status: 'active', tokens: [], variables: {}, waitingAt: [] });
  });
});
