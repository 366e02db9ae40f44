import { Injectable } from '@nestjs/common';
import { compileDecisions, type Decision } from '@xflow/engine';
import type { PoolClient } from 'pg';

/** Compiled files kept in memory. */
const capacity = 100;

/** Deployed DMN files, each compiled once and kept while it is in use. */
@Injectable()
export class DecisionCache {
  /** By the id of the deployment, in the order of last use. */
  private readonly compiled = new Map<string, ReadonlyMap<string, Decision>>();

  /** Decisions of a file by their ids. @throws when the file was never deployed, or does not compile any more. */
  async get(deploymentId: string, client: PoolClient): Promise<ReadonlyMap<string, Decision>> {
    const decisions = this.compiled.get(deploymentId) ?? (await load(deploymentId, client));
    this.compiled.delete(deploymentId);
    this.compiled.set(deploymentId, decisions);
    if (this.compiled.size > capacity) this.compiled.delete(this.compiled.keys().next().value!);
    return decisions;
  }
}

async function load(deploymentId: string, client: PoolClient): Promise<ReadonlyMap<string, Decision>> {
  const { rows } = await client.query<{ xml: string }>('SELECT xml FROM deployment WHERE id = $1', [deploymentId]);
  if (!rows[0]) throw new Error(`Expected the file of deployment ${deploymentId} to be kept.`);
  const result = compileDecisions(rows[0].xml);
  if (result.ok) return new Map(result.decisions.map((decision) => [decision.id, decision]));
  const problems = result.problems.filter(({ level }) => level === 'error');
  throw new Error(
    'The decisions were deployed but do not compile any more: ' +
      problems.map(({ message, remedy }) => `${message} ${remedy}`).join(' '),
  );
}
