import { bpmn, extensions } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { findings } from '../../test/findings.js';

const task = (content: string, attributes = '') =>
  bpmn(
    `<bpmn:serviceTask id="a" ${attributes} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">${extensions(content)}</bpmn:serviceTask>`,
  );
const external = 'camunda:type="external" camunda:topic="charge"';
const cycle = (text: string) => `<camunda:failedJobRetryTimeCycle>${text}</camunda:failedJobRetryTimeCycle>`;
const retryOf = async (xml: string) => (await Drive.start(xml)).last('create-task', 'a').retry;

describe('how often a job is attempted', () => {
  it.each([
    ['<xflow:task type="charge" />', '', undefined],
    ['<xflow:task type="charge" /><xflow:retry attempts="3" />', '', { attempts: 3, backoff: [] }],
    [
      '<xflow:task type="charge" /><xflow:retry attempts="4" backoff="PT10S, PT1M" />',
      '',
      { attempts: 4, backoff: [10_000, 60_000] },
    ],
    ['<zeebe:taskDefinition type="charge" retries="7" />', '', { attempts: 7, backoff: [] }],
    ['<zeebe:taskDefinition type="charge" retries="=tries" />', '', undefined],
    [
      '<zeebe:taskDefinition type="charge" retries="7" /><xflow:retry backoff="PT1S" />',
      '',
      { attempts: null, backoff: [1_000] },
    ],
    [cycle('R5/PT10M'), external, { attempts: 5, backoff: [600_000] }],
    [cycle('PT1M,PT10M'), external, { attempts: 3, backoff: [60_000, 600_000] }],
    [cycle('R/whenever'), external, undefined],
  ])('is what %s says', async (content, attributes, retry) => {
    expect(await retryOf(task(content, attributes))).toEqual(retry);
  });

  it('is a warning where another engine computes it, or says it in words that mean nothing here', async () => {
    const computed = task('<zeebe:taskDefinition type="charge" retries="=tries" />');
    expect(await findings('unknown-extension', computed)).toEqual([
      ['a', expect.stringContaining('zeebe:taskDefinition retries="=tries" is ignored')],
    ]);
    expect(await findings('unknown-extension', task(cycle('R/whenever'), external))).toEqual([
      ['a', expect.stringContaining('camunda:failedJobRetryTimeCycle "R/whenever" is ignored')],
    ]);
  });
});
