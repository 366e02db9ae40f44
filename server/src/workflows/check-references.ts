import type { Definition, Problem } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { findMissingReferences, type ReferenceKind } from './sql/find-missing-references.js';

const remedies: Readonly<Record<ReferenceKind, string>> = {
  segment: 'Create the segment (POST /api/segments), or correct the name.',
  ladder: 'Create the ladder (PUT /api/ladders/{id}), or correct the name.',
  template: 'Create the template (PUT /api/templates/{id}), or correct the name.',
  decision: 'Deploy its DMN file first (POST /api/decisions), or correct the id.',
  workflow: 'Deploy the called workflow first, or in the same file, or correct its id.',
};

/** A problem for everything that the processes name and nobody knows: segments, ladders, templates, decisions, called workflows. */
export async function checkReferences(
  client: PoolClient,
  processes: readonly Pick<Definition, 'key' | 'references'>[],
): Promise<Problem[]> {
  const own = new Set(processes.map(({ key }) => key));
  const named = processes.flatMap(({ references }) => [
    ...references.segments.map((reference) => ({ kind: 'segment' as const, ...reference })),
    ...references.ladders.map((reference) => ({ kind: 'ladder' as const, ...reference })),
    ...references.templates.map((reference) => ({ kind: 'template' as const, ...reference })),
    ...references.decisions.map((reference) => ({ kind: 'decision' as const, ...reference })),
    ...references.calledWorkflows
      .filter(({ name }) => !own.has(name))
      .map((reference) => ({ kind: 'workflow' as const, ...reference })),
  ]);
  const missing = new Set(
    (await findMissingReferences(client, named)).map(({ kind, name }) => JSON.stringify([kind, name])),
  );
  return named
    .filter(({ kind, name }) => missing.has(JSON.stringify([kind, name])))
    .map(({ kind, name, elementId }) => ({
      level: 'error',
      rule: `unknown-${kind}`,
      elementId,
      message: `Element "${elementId}" names the ${kind} "${name}", which does not exist.`,
      remedy: remedies[kind],
    }));
}
