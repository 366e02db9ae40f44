import { compile } from '@xflow/engine';
import { colourDiagram, createCoverage, createSimulation, type Coverage, type Simulation } from '@xflow/engine/testing';
import '@xflow/engine/testing/jest';
import { readFileSync } from 'node:fs';

const xml = readFileSync(new URL('process.bpmn', import.meta.url), 'utf8');

describe('the VIP upgrade', () => {
  let coverage: Coverage;
  let sim: Simulation;

  beforeAll(async () => {
    const compiled = await compile(xml);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const { definitions } = compiled;
    coverage = createCoverage(definitions);
    sim = createSimulation({
      definitions,
      now: '2026-01-05T09:00:00Z',
      seed: 'vip-upgrade',
      users: [{ id: 'ada', segments: ['big-spenders'] }, { id: 'ben' }],
      handlers: {
        'tier-upgrade': ({ headers }) => ({ result: { tier: 'gold', ladder: headers['ladder'] ?? null } }),
      },
    });
  });

  it('invites a big spender when the days for returns are over', () => {
    const id = sim.start('vip-upgrade', { user: 'ada' });
    expect(sim.instance(id)).toBeWaitingAt('WaitForReturns');

    sim.advanceBy('P3D');
    expect(sim.instance(id)).toHavePassed('CheckSpending', 'InviteToClub', 'UpgradeTier');
    expect(sim.instance(id)).toHaveVariables({ bigSpender: true, upgrade: { tier: 'gold', ladder: 'loyalty' } });
    expect(sim.instance(id)).toHaveCompleted();
  });

  it('tags everyone else', () => {
    const id = sim.start('vip-upgrade', { user: 'ben' });
    expect(sim.instance(id)).toHavePassed('TagProspect', 'ToSettled');
    expect(sim.instance(id)).not.toHavePassed('InviteToClub');
    expect(sim.instance(id)).not.toHaveIncident();
    expect(sim.user('ben').tags).toEqual(['vip-prospect']);
  });

  it('is tested throughout', () => {
    coverage.add(sim);
    expect(coverage.report()).toBe('vip-upgrade: nodes 9 of 9 (100 %), flows 9 of 9 (100 %)');
    expect(colourDiagram(xml, coverage.workflows())).toContain('bioc:fill="#c8e6c9"');
  });
});
