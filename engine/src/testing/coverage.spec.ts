import { readFileSync } from 'node:fs';
import { bpmn, compileAll } from '../../test/bpmn.js';
import { lint } from '../lint.js';
import { createSimulation } from '../simulation/create-simulation.js';
import { colourDiagram } from './colour-diagram.js';
import { createCoverage } from './coverage.js';

const xml = bpmn(
  '<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" /><bpmn:task id="a" /><bpmn:task id="__proto__" />',
  ['f1: s -> x', 'f2: x -> a if big', 'f3: x -> __proto__ if not(big)'],
);

describe('coverage', () => {
  it('gathers over simulations what tokens visited, and tells what they missed', async () => {
    const definitions = await compileAll(xml);
    const coverage = createCoverage(definitions);
    const run = (big: boolean) => {
      const simulation = createSimulation({ definitions, now: 0, seed: 's' });
      simulation.start('journey', { variables: { big } });
      coverage.add(simulation);
      coverage.add(simulation);
    };
    expect(coverage.report()).toContain('journey: nodes 0 of 4 (0 %), flows 0 of 3 (0 %)');
    run(true);
    expect(coverage.workflows()[0]?.nodes).toEqual({ covered: ['s', 'x', 'a'], missed: ['__proto__'] });
    expect(coverage.report()).toBe(
      'journey: nodes 3 of 4 (75 %), flows 2 of 3 (66 %)\n  nodes missed: __proto__\n  flows missed: f3',
    );
    run(false);
    expect(coverage.report()).toBe('journey: nodes 4 of 4 (100 %), flows 3 of 3 (100 %)');
  });
});

describe('a coloured diagram', () => {
  const vip = readFileSync(new URL('../../../examples/vip-upgrade/process.bpmn', import.meta.url), 'utf8');
  const coverage = [
    {
      workflowKey: 'vip-upgrade',
      nodes: { covered: ['Entered'], missed: ['TagProspect'] },
      flows: { covered: ['ToCheck'], missed: [] },
    },
  ];
  const tagOf = (text: string, element: string) => new RegExp(`<[^<]*bpmnElement="${element}"[^]*?>`).exec(text)?.[0];

  it('shows what was covered in green and what was missed in red, and nothing else changes', async () => {
    const coloured = colourDiagram(vip, coverage);
    expect(tagOf(coloured, 'Entered')).toContain('bioc:fill="#c8e6c9" color:background-color="#c8e6c9"');
    expect(tagOf(coloured, 'ToCheck')).toMatch(/bioc:stroke="#205022" color:border-color="#205022">$/);
    expect(tagOf(coloured, 'TagProspect')).toContain('bioc:fill="#ffcdd2"');
    expect(tagOf(coloured, 'Settled')).toBe(tagOf(vip, 'Settled'));
    expect(await lint(coloured)).toEqual(await lint(vip));
    expect(colourDiagram(coloured, coverage)).toBe(coloured);
  });

  it('is the file itself where it has no shapes', () => {
    expect(colourDiagram('<definitions />', [])).toContain('<definitions');
    expect(colourDiagram('no XML', coverage)).toBe('no XML');
  });
});
