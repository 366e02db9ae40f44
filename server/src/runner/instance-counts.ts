import type { PoolClient } from 'pg';
import { appendCounts, type InstanceCountRow } from './sql/append-counts.js';
import type { InstanceRow } from './sql/lock-instances.js';

/** What an instance is counted by. */
export interface CountedAs {
  readonly workflowKey: string;
  readonly version: number;
  readonly status: string;
  readonly openIncidents: number;
  /** Elements where its tokens rest, each once; none where it has ended. */
  readonly waitingAt: readonly string[];
  /** Elements of its open incidents. */
  readonly incidentsAt: readonly string[];
}

/** What a transaction changes about the numbers of instances. Where nothing is counted otherwise than before, nothing is written. */
export class InstanceCounts {
  private readonly changes = new Map<string, InstanceCountRow>();

  /** @param before null: there was no such instance. */
  move(before: CountedAs | null, after: CountedAs): void {
    if (before !== null && isSame(before, after)) return;
    if (before !== null) this.add(before, -1);
    this.add(after, 1);
  }

  async write(client: PoolClient): Promise<void> {
    await appendCounts(
      client,
      [...this.changes.values()].filter(({ instances, incidents }) => instances !== 0 || incidents !== 0),
    );
    this.changes.clear();
  }

  private add(counted: CountedAs, by: 1 | -1): void {
    const { status, openIncidents, waitingAt, incidentsAt } = counted;
    this.count(counted, status, '', by, openIncidents > 0 ? by : 0);
    for (const elementId of waitingAt) this.count(counted, '', elementId, by, 0);
    for (const elementId of incidentsAt) this.count(counted, '', elementId, 0, by);
  }

  private count(
    { workflowKey, version }: CountedAs,
    status: string,
    elementId: string,
    instances: number,
    incidents: number,
  ): void {
    const key = `${version} ${status} ${elementId} ${workflowKey}`;
    const change = this.changes.get(key);
    if (change === undefined)
      this.changes.set(key, {
        workflow_key: workflowKey,
        version,
        status,
        element_id: elementId,
        instances,
        incidents,
      });
    else {
      change.instances += instances;
      change.incidents += incidents;
    }
  }
}

/** As what an instance is counted that a batch has locked. Incidents that the runner raised are at no element: they count at the process. */
export function countedAs({
  workflow_key,
  version,
  status,
  open_incidents,
  waiting_at,
  state,
}: InstanceRow): CountedAs {
  const raised = state.incidents ?? [];
  return {
    workflowKey: workflow_key,
    version,
    status,
    openIncidents: open_incidents,
    waitingAt: status === 'active' ? waiting_at : [],
    incidentsAt: incidentsAt(raised, workflow_key, open_incidents - raised.length),
  };
}

/** @param faults how many open incidents the runner has raised */
export function incidentsAt(
  incidents: readonly { readonly elementId: string }[],
  workflowKey: string,
  faults: number,
): readonly string[] {
  if (incidents.length === 0 && faults <= 0) return [];
  return [...incidents.map(({ elementId }) => elementId), ...new Array<string>(Math.max(0, faults)).fill(workflowKey)];
}

const isSame = (before: CountedAs, after: CountedAs): boolean =>
  before.status === after.status &&
  before.version === after.version &&
  before.openIncidents > 0 === after.openIncidents > 0 &&
  areSame(before.waitingAt, after.waitingAt) &&
  areSame(before.incidentsAt, after.incidentsAt);

const areSame = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && before.every((element, index) => element === after[index]);
