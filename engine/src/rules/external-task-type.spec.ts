import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('external-task-type', () => {
  it('tells that a job waits for a worker', async () => {
    expect(
      await findings(
        'external-task-type',
        bpmn(
          inARow(
            '<bpmn:serviceTask id="it" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:type="external" camunda:topic="charge" />',
          ),
        ),
      ),
    ).toEqual([
      [
        'it',
        '<it> has the task type "charge" by camunda:type="external", and no handler of this type is registered: it becomes a job that waits for a worker.',
      ],
    ]);
  });

  it('accepts registered types', async () => {
    expect(
      await findings(
        'external-task-type',
        bpmn(
          inARow(
            '<bpmn:serviceTask id="it" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:type="external" camunda:topic="http-call" />',
          ),
        ),
      ),
    ).toEqual([]);
  });
});
