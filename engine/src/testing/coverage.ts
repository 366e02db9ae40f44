import type { Definition } from '../definition.js';
import type { Simulation } from '../simulation/create-simulation.js';

/** Which of a workflow's elements were visited. */
export interface WorkflowCoverage {
  readonly workflowKey: string;
  /** Flow nodes that a token entered, and those that none did, in the order of the diagram. */
  readonly nodes: { readonly covered: readonly string[]; readonly missed: readonly string[] };
  /** Sequence flows that a token took, and those that none did. */
  readonly flows: { readonly covered: readonly string[]; readonly missed: readonly string[] };
}

/** Gathers over a run of tests what their simulations visited. */
export interface Coverage {
  /** Counts what the instances of a simulation have done so far. Adding it again counts nothing twice. */
  add(simulation: Simulation): void;
  workflows(): readonly WorkflowCoverage[];
  /** For a terminal: a line a workflow with its shares, and what was missed. */
  report(): string;
}

export function createCoverage(definitions: readonly Definition[]): Coverage {
  const visited = new Map(definitions.map(({ key }) => [key, new Set<string>()]));

  const workflows = (): readonly WorkflowCoverage[] =>
    definitions.map(({ key, nodes, flows }) => {
      const seen = visited.get(key) ?? new Set<string>();
      return { workflowKey: key, nodes: split(nodes.keys(), seen), flows: split(flows.keys(), seen) };
    });

  return {
    add(simulation) {
      for (const { workflowKey, history } of simulation.instances())
        for (const event of history) {
          if (event.kind === 'element-entered') visited.get(workflowKey)?.add(event.elementId);
          if (event.kind === 'flow-taken') visited.get(workflowKey)?.add(event.flowId);
        }
    },
    workflows,
    report: () => workflows().map(reportOf).join('\n'),
  };
}

function split(ids: Iterable<string>, seen: ReadonlySet<string>): WorkflowCoverage['nodes'] {
  const covered: string[] = [];
  const missed: string[] = [];
  for (const id of ids) (seen.has(id) ? covered : missed).push(id);
  return { covered, missed };
}

function reportOf({ workflowKey, nodes, flows }: WorkflowCoverage): string {
  const lines = [`${workflowKey}: nodes ${share(nodes)}, flows ${share(flows)}`];
  if (nodes.missed.length > 0) lines.push(`  nodes missed: ${nodes.missed.join(', ')}`);
  if (flows.missed.length > 0) lines.push(`  flows missed: ${flows.missed.join(', ')}`);
  return lines.join('\n');
}

function share({ covered, missed }: WorkflowCoverage['nodes']): string {
  const all = covered.length + missed.length;
  return `${covered.length} of ${all} (${all === 0 ? 100 : Math.floor((covered.length / all) * 100)} %)`;
}
