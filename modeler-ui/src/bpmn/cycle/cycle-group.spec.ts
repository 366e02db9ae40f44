import { testProcess } from '../../../test/test-process.js';
import { noKnownNames } from '../properties/known-names.js';
import { cycleGroup } from './cycle-group.js';

const timer = (time: string) => `<bpmn:timerEventDefinition>${time}</bpmn:timerEventDefinition>`;

describe('the missed firings of a timer', () => {
  it('are for those that recur', async () => {
    const process = await testProcess(
      `<bpmn:startEvent id="A">${timer('<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>')}</bpmn:startEvent>` +
        `<bpmn:startEvent id="B">${timer('<bpmn:timeDuration>PT1H</bpmn:timeDuration>')}</bpmn:startEvent><bpmn:startEvent id="C" />`,
    );
    const applies = (id: string): boolean =>
      cycleGroup.applies({ type: 'bpmn:StartEvent', businessObject: process.element(id) } as never);
    expect(['A', 'B', 'C'].map(applies)).toEqual([true, false, false]);
  });

  it('are written as an extension of the event', async () => {
    const process = await testProcess('<bpmn:startEvent id="A" />');
    const [missed] = cycleGroup.fields(process.element('A'), noKnownNames());
    process.apply(missed!.write(process.element('A'), 'all', process.create));
    expect(await process.xml()).toContain('<xflow:cycle missed="all" />');
  });
});
