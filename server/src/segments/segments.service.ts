import { Injectable } from '@nestjs/common';
import type {
  EvaluateSegmentRequest,
  EvaluateSegmentResponse,
  SaveSegmentRequest,
  Segment,
  SegmentRule,
  SegmentUsers,
} from '@xflow/schemas';
import { DatabaseError, Pool, type PoolClient, type QueryResultRow } from 'pg';
import { Clock } from '../clock/clock.js';
import {
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  UnavailableError,
  UnprocessableError,
  type ProblemDetail,
} from '../http-problems/problem-error.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { inTransaction } from '../runner/transaction.js';
import { checkSegmentRule } from './check-segment-rule.js';
import { referenceProblems, segmentsNamedBy } from './segment-references.js';
import {
  membersStatement,
  sizeStatement,
  truthsStatement,
  type Statement,
  type SubjectAt,
} from './segment-statements.js';
import type { SegmentEntity } from './segment.entity.js';
import { SegmentsRepository } from './segments.repository.js';

/** Milliseconds that an evaluation over all users may take. */
const patience = 30_000;
/** PostgreSQL's query_canceled. */
const cancelled = '57014';

/** What uses a segment, each as a phrase: `the ladder "loyalty"`. */
export type SegmentUses = (segmentId: string) => Promise<readonly string[]>;

/** Named conditions over users, and their evaluation. */
@Injectable()
export class SegmentsService {
  private readonly uses: SegmentUses[] = [];

  constructor(
    private readonly repository: SegmentsRepository,
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** A domain that names segments tells here which ones are in use, so that they are not deleted under it. */
  registerUses(uses: SegmentUses): void {
    this.uses.push(uses);
  }

  async list(): Promise<Segment[]> {
    return (await this.repository.list()).map(toSegment);
  }

  /** @throws ConflictError when the name is taken, UnprocessableError when the rule cannot be evaluated */
  create(request: SaveSegmentRequest): Promise<Segment> {
    return this.save(request, true);
  }

  /** Creates the segment, or replaces what stood there. */
  async put(id: string, request: SaveSegmentRequest): Promise<Segment> {
    if (id !== request.id) {
      throw new InvalidRequestError([
        {
          field: '$.id',
          message: `The body names the segment "${request.id}", the path "${id}".`,
          remedy: 'Send the same id in both; a segment cannot be renamed.',
        },
      ]);
    }
    return this.save(request, false);
  }

  private async save(request: SaveSegmentRequest, create: boolean): Promise<Segment> {
    const checked = checkSegmentRule(request.rule, '$.rule');
    if (!checked.ok) throw new UnprocessableError('The rule of the segment cannot be evaluated', checked.problems);
    return this.repository.change(async (segments) => {
      const stored = await segments.find();
      const standing = stored.find(({ id }) => id === request.id);
      if (create && standing !== undefined) {
        throw new ConflictError(
          `The segment "${request.id}" exists already. Change it with PUT, or choose another id.`,
        );
      }
      const rules = new Map(stored.map(({ id, rule }) => [id, rule]));
      rules.set(request.id, checked.rule);
      const problems = referenceProblems(checked.rule, '$.rule', rules, request.id);
      if (problems.length > 0) throw new UnprocessableError('The rule of the segment cannot be evaluated', problems);
      const now = new Date(this.clock.now());
      const saved = await segments.save({
        id: request.id,
        name: request.name ?? request.id,
        description: request.description ?? '',
        rule: checked.rule,
        createdAt: standing?.createdAt ?? now,
        updatedAt: now,
      });
      return toSegment(saved);
    });
  }

  /** @throws ConflictError that names everything which still uses the segment */
  async delete(id: string): Promise<void> {
    await this.repository.change(async (segments) => {
      const stored = await segments.find();
      if (!stored.some((segment) => segment.id === id)) throw unknownSegment(id);
      const users = stored
        .filter(({ rule }) => segmentsNamedBy(rule).includes(id))
        .map((user) => `the segment "${user.id}"`);
      for (const uses of this.uses) users.push(...(await uses(id)));
      if (users.length > 0) {
        throw new ConflictError(
          `The segment "${id}" cannot be deleted, because it is used by ${users.join(', ')}. Change these first.`,
        );
      }
      await segments.delete({ id });
    });
  }

  /** What is wrong with a rule that stands in `field`: nothing when it can be evaluated. For the rules of other domains. */
  async ruleProblems(rule: unknown, field: string): Promise<readonly ProblemDetail[]> {
    const checked = checkSegmentRule(rule, field);
    if (!checked.ok) return checked.problems;
    return referenceProblems(checked.rule, field, await this.rules(this.pool), null);
  }

  /** Names of the segments that a rule names directly. */
  namedBy(rule: SegmentRule): readonly string[] {
    return segmentsNamedBy(rule);
  }

  /** Those of the names that no segment has. */
  async unknown(names: readonly string[]): Promise<string[]> {
    const rules = await this.rules(this.pool);
    return names.filter((name) => !rules.has(name));
  }

  async evaluate(request: EvaluateSegmentRequest): Promise<EvaluateSegmentResponse> {
    const rules = await this.rules(this.pool);
    const rule = evaluatedRule(request, rules);
    const at = this.clock.now();
    const rows = await this.overPopulation<{ size: number }>(sizeStatement(rule, rules, at));
    const members =
      request.userIds === undefined
        ? await this.members(rule, rules, at, { after: null, limit: 100 })
        : await this.membersAmong(rule, rules, at, request.userIds);
    return { size: rows[0]!.size, members };
  }

  /** A page of the members by id. */
  async users(id: string, page: { readonly cursor?: string; readonly limit: number }): Promise<SegmentUsers> {
    const rules = await this.rules(this.pool);
    const rule = rules.get(id);
    if (rule === undefined) throw unknownSegment(id);
    const after = page.cursor === undefined ? null : (decodeCursor(page.cursor, ['string'])[0] as string);
    const found = await this.members(rule, rules, this.clock.now(), { after, limit: page.limit + 1 });
    const { rows, nextCursor } = pageOf(found, page.limit, (member) => [member]);
    return { items: [...rows], nextCursor };
  }

  /**
   * Whether each subject meets each rule: `truths[subject][rule]`. One statement, on the given client, for any number of
   * subjects. The rules must have passed {@link ruleProblems}.
   */
  async truths(
    rules: readonly SegmentRule[],
    segments: ReadonlyMap<string, SegmentRule>,
    subjects: readonly SubjectAt[],
    client: Pool | PoolClient,
  ): Promise<readonly (readonly boolean[])[]> {
    if (subjects.length === 0) return [];
    const statement = truthsStatement(rules, segments, subjects);
    const { rows } = await client.query<{ place: number; truths: boolean[] }>(statement.text, statement.values);
    const truths: (readonly boolean[])[] = new Array<readonly boolean[]>(subjects.length);
    for (const row of rows) truths[row.place - 1] = row.truths;
    return truths;
  }

  /**
   * Whether each subject is a member of the segment it is paired with; null where there is no such segment. On the given
   * client: one statement for each distinct segment. Judged as of now where the given time is earlier: a batch has a time of its own, and the
   * clock of its server may be behind, so that it finds events later than that time; for conditions they would never have happened.
   */
  async memberships(
    pairs: readonly (SubjectAt & { readonly segment: string })[],
    client: Pool | PoolClient,
  ): Promise<readonly (boolean | null)[]> {
    const { rows } = await client.query<{ id: string; rule: SegmentRule; now: number }>(
      `SELECT id, rule, (extract(epoch FROM ${this.clock.sql}) * 1000)::float8 AS now FROM segment`,
    );
    const rules = new Map(rows.map(({ id, rule }) => [id, rule]));
    const now = Math.ceil(rows[0]?.now ?? 0);
    const members: (boolean | null)[] = pairs.map(() => null);
    const placesOf = new Map<string, number[]>();
    pairs.forEach(({ segment }, place) => {
      const places = placesOf.get(segment);
      if (places === undefined) placesOf.set(segment, [place]);
      else places.push(place);
    });
    for (const [segment, places] of placesOf) {
      const rule = rules.get(segment);
      if (rule === undefined) continue;
      const subjects = places.map((place) => {
        const { subjectId, at } = pairs[place]!;
        return { subjectId, at: Math.max(at, now) };
      });
      const truths = await this.truths([rule], rules, subjects, client);
      places.forEach((place, index) => (members[place] = truths[index]![0]!));
    }
    return members;
  }

  /** The rules of all segments, as the given client sees them. */
  async rules(client: Pool | PoolClient): Promise<ReadonlyMap<string, SegmentRule>> {
    const { rows } = await client.query<{ id: string; rule: SegmentRule }>('SELECT id, rule FROM segment');
    return new Map(rows.map(({ id, rule }) => [id, rule]));
  }

  private async members(
    rule: SegmentRule,
    rules: ReadonlyMap<string, SegmentRule>,
    at: number,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<string[]> {
    const rows = await this.overPopulation<{ subject_id: string }>(membersStatement(rule, rules, at, page));
    return rows.map((row) => row.subject_id);
  }

  /** A statement over all users, which ends in time however much a rule asks for. */
  private async overPopulation<Row extends QueryResultRow>({ text, values }: Statement): Promise<Row[]> {
    try {
      return await inTransaction(this.pool, async (client) => {
        await client.query(`SET LOCAL statement_timeout = ${patience}`);
        return (await client.query<Row>(text, values)).rows;
      });
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== cancelled) throw error;
      throw new UnavailableError(
        `The rule takes longer than ${patience / 1000} s over all users. Ask for fewer distinct event conditions, or for shorter windows.`,
      );
    }
  }

  private async membersAmong(
    rule: SegmentRule,
    rules: ReadonlyMap<string, SegmentRule>,
    at: number,
    userIds: readonly string[],
  ): Promise<string[]> {
    const { rows } = await this.pool.query<{ subject_id: string }>(
      'SELECT subject_id FROM user_profile WHERE subject_id = ANY ($1::text[])',
      [userIds],
    );
    const known = new Set(rows.map((row) => row.subject_id));
    const unknown = userIds.flatMap((userId, index) =>
      known.has(userId)
        ? []
        : [
            {
              field: `$.userIds[${index}]`,
              message: `There is no user "${userId}".`,
              remedy: 'Create the user first, or leave the id out.',
            },
          ],
    );
    if (unknown.length > 0)
      throw new NotFoundError('Some of the users do not exist: see errors.', unknown.slice(0, 1000));
    const subjects = userIds.map((subjectId) => ({ subjectId, at }));
    const truths = await this.truths([rule], rules, subjects, this.pool);
    return userIds.filter((_userId, index) => truths[index]![0]);
  }
}

function evaluatedRule(request: EvaluateSegmentRequest, rules: ReadonlyMap<string, SegmentRule>): SegmentRule {
  if ((request.segment === undefined) === (request.rule === undefined)) {
    throw new InvalidRequestError([
      {
        field: '$',
        message: 'The request has to say either a segment or a rule.',
        remedy: 'Send exactly one of "segment" and "rule".',
      },
    ]);
  }
  if (request.segment !== undefined) {
    const rule = rules.get(request.segment);
    if (rule === undefined) throw unknownSegment(request.segment);
    return rule;
  }
  const checked = checkSegmentRule(request.rule, '$.rule');
  const problems = checked.ok ? referenceProblems(checked.rule, '$.rule', rules, null) : checked.problems;
  if (!checked.ok || problems.length > 0) throw new UnprocessableError('The rule cannot be evaluated', problems);
  return checked.rule;
}

function unknownSegment(id: string): NotFoundError {
  return new NotFoundError(`There is no segment "${id}". GET /api/segments lists those there are.`);
}

function toSegment(entity: SegmentEntity): Segment {
  return {
    id: entity.id,
    name: entity.name,
    description: entity.description,
    rule: entity.rule,
    createdAt: entity.createdAt.toISOString(),
    updatedAt: entity.updatedAt.toISOString(),
  };
}
