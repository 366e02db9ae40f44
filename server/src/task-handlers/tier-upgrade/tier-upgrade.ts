import type { TaskAnswer, UserChange } from '@xflow/engine';
import type { Ladder } from '@xflow/schemas';
import type { PoolClient } from 'pg';
import { LaddersService } from '../../ladders/ladders.service.js';
import { SegmentsService } from '../../segments/segments.service.js';
import {
  TaskHandler,
  type AnswerContext,
  type AnswerFailure,
  type AnswerHandler,
  type AnswerRequest,
} from '../task-handler.js';

/** Configuration: schemas/tasks/tier-upgrade.json */
interface Config {
  readonly ladder: string;
  readonly mode?: 'upgrade' | 'evaluate';
}
type Tiers = Ladder['tiers'];

/**
 * Finds the highest tier of a ladder whose rule the user meets, and applies it with its rewards.
 *
 * Mode `upgrade` never takes a user down; `evaluate` does, to the highest tier that is met. A user who meets no tier at
 * all stays where they are. Rewards and points are for rising to a tier that the user has not reached on this ladder
 * before; a tier that is lost and won again brings none.
 *
 * The result: `{ tier, previousTier, upgraded, rewards }`.
 */
@TaskHandler('tier-upgrade')
export class TierUpgrade implements AnswerHandler<Config> {
  constructor(
    private readonly ladders: LaddersService,
    private readonly segments: SegmentsService,
  ) {}

  async answer(
    requests: readonly AnswerRequest<Config>[],
    { client }: AnswerContext,
  ): Promise<readonly (TaskAnswer | AnswerFailure)[]> {
    const ladders = await this.ladders.tiers([...new Set(requests.map(({ config }) => config.ladder))], client);
    const subjectIds = [...new Set(requests.map(({ subjectId }) => subjectId))].sort();
    const current = await lockTiers(subjectIds, client);
    const reached = await reachedBefore(subjectIds, [...ladders.keys()], client);
    const truths = await this.truths(requests, ladders, client);
    // In their order, each seeing what the one before decided: two instances of one user do not reward twice.
    return requests.map(({ subjectId, config }, index) => {
      const tiers = ladders.get(config.ladder);
      if (tiers === undefined) {
        return {
          failure: {
            reason: `There is no ladder "${config.ladder}".`,
            remedy: 'Create the ladder, and retry the incident.',
          },
        };
      }
      const previousTier = current.get(subjectId) ?? null;
      const from = tiers.findIndex(({ tier }) => tier === previousTier);
      const met = truths[index]!.lastIndexOf(true);
      const isMove = met >= 0 && (config.mode === 'evaluate' ? met !== from : met > from);
      const target = isMove ? tiers[met]! : null;
      if (target === null) return { result: { tier: previousTier, previousTier, upgraded: false, rewards: [] } };
      const upgraded = met > from;
      const isFirst = upgraded && !reached.has(JSON.stringify([subjectId, config.ladder, target.tier]));
      const rewards = isFirst ? (target.rewards ?? []) : [];
      const points = isFirst ? (target.points ?? 0) : 0;
      current.set(subjectId, target.tier);
      reached.add(JSON.stringify([subjectId, config.ladder, target.tier]));
      const changes: UserChange[] = [{ kind: 'tier', ladder: config.ladder, tier: target.tier, rewards }];
      if (points !== 0) changes.push({ kind: 'points', add: points });
      return { result: { tier: target.tier, previousTier, upgraded, rewards }, changes };
    });
  }

  /** For each request, whether the user meets each tier of the ladder it names: one statement a ladder. */
  private async truths(
    requests: readonly AnswerRequest<Config>[],
    ladders: ReadonlyMap<string, Tiers>,
    client: PoolClient,
  ): Promise<readonly (readonly boolean[])[]> {
    const rules = await this.segments.rules(client);
    const all: (readonly boolean[])[] = requests.map(() => []);
    for (const [name, tiers] of ladders) {
      const places = requests.flatMap(({ config }, place) => (config.ladder === name ? [place] : []));
      const truths = await this.segments.truths(
        tiers.map(({ rule }) => rule),
        rules,
        places.map((place) => requests[place]!),
        client,
      );
      places.forEach((place, index) => (all[place] = truths[index]!));
    }
    return all;
  }
}

/** Locks: the users' rows, in the order of their ids, so that two batches never give one user a tier's rewards twice. */
async function lockTiers(subjectIds: readonly string[], client: PoolClient): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ subject_id: string; tier: string | null }>({
    name: 'lock-tiers',
    text: `SELECT subject_id, tier FROM user_profile WHERE subject_id = ANY ($1::text[])
           ORDER BY subject_id FOR NO KEY UPDATE`,
    values: [subjectIds],
  });
  return new Map(rows.map((row) => [row.subject_id, row.tier]));
}

/** `[user, ladder, tier]` as JSON, of every tier that one of the users has reached before. */
async function reachedBefore(
  subjectIds: readonly string[],
  ladders: readonly string[],
  client: PoolClient,
): Promise<Set<string>> {
  const { rows } = await client.query<{ subject_id: string; ladder: string; to_tier: string }>({
    name: 'reached-tiers',
    text: `SELECT DISTINCT subject_id, ladder, to_tier FROM upgrade_history
           WHERE subject_id = ANY ($1::text[]) AND ladder = ANY ($2::text[])`,
    values: [subjectIds, ladders],
  });
  return new Set(rows.map((row) => JSON.stringify([row.subject_id, row.ladder, row.to_tier])));
}
