import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Ladder, Upgrade } from '@xflow/schemas';
import { Pool, type PoolClient } from 'pg';
import { Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import {
  InvalidRequestError,
  NotFoundError,
  UnprocessableError,
  type ProblemDetail,
} from '../http-problems/problem-error.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { SegmentsService } from '../segments/segments.service.js';
import { LadderEntity } from './ladder.entity.js';

type Tiers = Ladder['tiers'];

/** Tiers that users rise through by what they did. */
@Injectable()
export class LaddersService implements OnModuleInit {
  constructor(
    @InjectRepository(LadderEntity) private readonly ladders: Repository<LadderEntity>,
    private readonly segments: SegmentsService,
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.segments.registerUses(async (segmentId) => {
      const ladders = await this.ladders.find();
      return ladders
        .filter(({ tiers }) => tiers.some(({ rule }) => this.segments.namedBy(rule).includes(segmentId)))
        .map(({ id }) => `the ladder "${id}"`);
    });
  }

  async list(): Promise<Ladder[]> {
    return (await this.ladders.find({ order: { id: 'ASC' } })).map(toLadder);
  }

  /** Creates the ladder, or replaces what stood there. @throws UnprocessableError that lists all problems of all tiers */
  async put(id: string, ladder: Ladder): Promise<Ladder> {
    if (id !== ladder.id) {
      throw new InvalidRequestError([
        {
          field: '$.id',
          message: `The body names the ladder "${ladder.id}", the path "${id}".`,
          remedy: 'Send the same id in both; a ladder cannot be renamed.',
        },
      ]);
    }
    const problems: ProblemDetail[] = [];
    const seen = new Set<string>();
    for (const [index, { tier, rule }] of ladder.tiers.entries()) {
      if (seen.has(tier)) {
        problems.push({
          field: `$.tiers[${index}].tier`,
          message: `The tier "${tier}" is listed twice.`,
          remedy: 'Give every tier a name of its own.',
        });
      }
      seen.add(tier);
      problems.push(...(await this.segments.ruleProblems(rule, `$.tiers[${index}].rule`)));
    }
    if (problems.length > 0) throw new UnprocessableError('The ladder cannot be evaluated', problems);
    const now = new Date(this.clock.now());
    const standing = await this.ladders.findOneBy({ id });
    const tiers: Tiers = ladder.tiers.map(({ tier, rule, rewards, points }) => ({
      tier,
      rule,
      ...(rewards === undefined ? {} : { rewards }),
      ...(points === undefined ? {} : { points }),
    }));
    const saved = { id, name: ladder.name ?? null, tiers, createdAt: standing?.createdAt ?? now, updatedAt: now };
    return toLadder(await this.ladders.save(saved));
  }

  /** Those of the names that no ladder has. */
  async unknown(names: readonly string[]): Promise<string[]> {
    const known = new Set((await this.ladders.find({ select: { id: true } })).map(({ id }) => id));
    return names.filter((name) => !known.has(name));
  }

  /** The tiers of ladders by their names, as the given client sees them. */
  async tiers(names: readonly string[], client: PoolClient): Promise<ReadonlyMap<string, Tiers>> {
    const { rows } = await client.query<{ id: string; tiers: Tiers }>(
      'SELECT id, tiers FROM ladder WHERE id = ANY ($1::text[])',
      [names],
    );
    return new Map(rows.map(({ id, tiers }) => [id, tiers]));
  }

  /** Who rose on the ladder, newest first. @throws NotFoundError */
  async upgrades(
    id: string,
    { cursor, limit }: { readonly cursor?: string; readonly limit: number },
  ): Promise<{ items: Upgrade[]; nextCursor: string | null }> {
    if (!(await this.ladders.existsBy({ id }))) {
      throw new NotFoundError(`There is no ladder "${id}". GET /api/ladders lists those there are.`);
    }
    const before = cursor === undefined ? null : decodeCursor(cursor, ['number'])[0];
    const { rows: found } = await this.pool.query<Omit<Upgrade, 'at'> & { id: number; at: Date }>(
      `SELECT id, subject_id AS "userId", ladder, from_tier AS "from", to_tier AS "to", rewards, at,
         instance_id AS "instanceId", element_id AS "elementId"
       FROM upgrade_history WHERE ladder = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [id, before, limit + 1],
    );
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.id]);
    return { items: rows.map(({ id: _id, at, ...upgrade }) => ({ ...upgrade, at: at.toISOString() })), nextCursor };
  }
}

function toLadder({ id, name, tiers }: LadderEntity): Ladder {
  return { id, ...(name === null ? {} : { name }), tiers };
}
