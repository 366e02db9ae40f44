import { readFileSync } from 'node:fs';
import type { Definition } from '../definition.js';
import { compile } from './compile.js';

const diagram = (name: string): string => readFileSync(new URL(`../../test/diagrams/${name}`, import.meta.url), 'utf8');

async function compileOne(name: string): Promise<Definition> {
  const result = await compile(diagram(name));
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  const [definition] = result.definitions;
  if (!definition) throw new Error('Expected a definition.');
  return definition;
}

describe('compile', () => {
  it('turns a lifecycle journey into a graph', async () => {
    const definition = await compileOne('vip-journey.bpmn');
    expect([...definition.nodes.values()].map(({ id, type }) => [id, type])).toEqual([
      ['Start', 'none-start-event'],
      ['CheckVip', 'service-task'],
      ['IsVip', 'exclusive-gateway'],
      ['Thank', 'send-task'],
      ['WaitADay', 'timer-catch-event'],
      ['Upgrade', 'service-task'],
      ['End', 'none-end-event'],
    ]);
    expect(definition.references).toEqual({
      segments: [{ name: 'vip', elementId: 'CheckVip' }],
      ladders: [{ name: 'gold', elementId: 'Upgrade' }],
      templates: [{ name: 'thank-you', elementId: 'Thank' }],
      taskTypes: [
        { name: 'segment-check', elementId: 'CheckVip' },
        { name: 'send-email', elementId: 'Thank' },
        { name: 'tier-upgrade', elementId: 'Upgrade' },
      ],
      calledWorkflows: [],
    });
  });
});
