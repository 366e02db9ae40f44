import { readFileSync } from 'node:fs';
import { Drive } from '../../test/drive.js';
import { compile } from './compile.js';

const diagram = (name: string): string =>
  readFileSync(new URL(`../../test/diagrams/${name}.bpmn`, import.meta.url), 'utf8');

describe('diagrams of other engines', () => {
  it('tell what every extension and condition became, and what has no counterpart', async () => {
    const result = await compile(diagram('camunda-7-order'));
    expect(result.ok && result.mappings.map(({ elementId, from, to }) => `${elementId}: ${from} -> ${to}`)).toEqual([
      'Check: camunda:formData -> xflow:form',
      'Check: camunda:assignee -> xflow:candidates users',
      'Check: camunda:candidateGroups -> xflow:candidates groups',
      'Rate: camunda:decisionRef -> xflow:decision ref="discount"',
      'Rate: camunda:resultVariable -> result variable',
      'Rate: camunda:mapDecisionResult -> result of the decision',
      'Ship: camunda:inputOutput -> inputs and outputs of the element',
      'Ship: camunda:failedJobRetryTimeCycle -> xflow:retry attempts="3" backoff="PT600S"',
      'Ship: camunda:topic -> xflow:task type="ship"',
      'Ship: ${customer.address} -> =customer.address',
      'Ship: ${number} -> =number',
      'Flow_4: ${approved && amount > 0 && !blocked} -> =approved and amount > 0 and not((blocked) = true)',
    ]);
    expect(result.problems.filter(({ rule }) => rule === 'unknown-extension').map(({ message }) => message)).toEqual(
      [],
    );
  });

  it('run with their forms, decisions, inputs and outputs', async () => {
    const drive = await Drive.start(diagram('camunda-7-order'), { amount: 5, customer: { address: 'Paris' } });
    expect(drive.last('create-task', 'Check').config).toMatchObject({
      form: {
        fields: [
          { name: 'approved', label: 'Approved?', type: 'boolean', required: false },
          { name: 'rating', label: 'Rating', type: 'string', required: false, options: ['a', 'b'] },
        ],
      },
    });
    drive.complete('Check', { approved: true }).answer('Rate', { result: 0.1 });
    expect(drive.last('create-task', 'Ship').input).toEqual({ address: 'Paris', carrier: 'express' });
    drive.complete('Ship', { number: 'T-1' });
    expect([drive.status, drive.variables]).toMatchObject(['completed', { discount: 0.1, tracking: 'T-1' }]);
  });

  it('tell mappings of messages, loops and calls of zeebe', async () => {
    const result = await compile(diagram('camunda-8'));
    expect(result.ok && result.mappings.map(({ from }) => from)).toEqual(
      expect.arrayContaining(['zeebe:taskDefinition', 'zeebe:subscription']),
    );
  });
});
