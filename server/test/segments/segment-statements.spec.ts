import type { SegmentRule } from '@xflow/schemas';
import { checkSegmentRule } from '../../src/segments/check-segment-rule.js';
import { membersStatement, sizeStatement, truthsStatement } from '../../src/segments/segment-statements.js';
import { createTestDatabase, type TestDatabase } from '../test-database.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const day = 86_400_000;

/** Users of every sort that imports bring: complete, empty, dirty, and one without a profile. */
const users: Record<string, { attributes?: object; tags?: string[]; stage?: string; tier?: string }> = {
  ann: {
    attributes: { age: 30, city: 'Paris', vip: true, since: '2024-02-29', langs: ['fr', 'en'], note: null },
    tags: ['a', 'b'],
    stage: 'Revenue',
    tier: 'gold',
  },
  bob: { attributes: { age: '41.5', city: 'paris', vip: 'true', since: '2026-01-01T00:00:00+08:00', langs: 'French' } },
  cid: { attributes: { age: 'unknown', city: 7, vip: 0, since: '2023-02-29', langs: { fr: true } } },
  dirty: { attributes: { age: '1e5', city: ['Paris'], vip: null, since: '20260101', langs: [] } },
  eve: {},
};
const everyone = Object.keys(users);

const events: [user: string, id: string, name: string, ageInMilliseconds: number, properties: object][] = [
  ['ann', '1', 'purchase', 30 * day, { amount: 100.1, country: 'FR' }],
  ['ann', '2', 'purchase', 30 * day + 1, { amount: 1000, country: 'FR' }],
  ['ann', '3', 'purchase', 0, { amount: 0.2, country: 'UK' }],
  ['ann', '4', 'purchase', -1, { amount: 5000, country: 'UK' }],
  ['bob', '1', 'purchase', 10 * day, { amount: '99.9', country: 'UK' }],
  ['bob', '2', 'purchase', 9 * day, { amount: 'free', country: null }],
  ['cid', '1', 'purchase', 5 * day, {}],
  ['cid', '2', 'login', 5 * day, { amount: 7 }],
];

describe('segment rules', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    for (const [id, { attributes = {}, tags = [], stage = null, tier = null }] of Object.entries(users)) {
      await database.pool.query('INSERT INTO user_profile VALUES ($1, $2, $3, $4, $5, 0, now(), now())', [
        id,
        attributes,
        tags,
        stage,
        tier,
      ]);
    }
    for (const [user, id, name, age, properties] of events) {
      await database.pool.query('INSERT INTO user_event VALUES ($1, $2, $3, $4, $5)', [
        user,
        id,
        name,
        new Date(now - age).toISOString(),
        properties,
      ]);
    }
  });

  const segments = new Map<string, SegmentRule>([
    ['buyers', { event: 'purchase' }],
    ['non-buyers', { not: { segment: 'buyers' } }],
  ]);

  /** Members by all three statements, which have to agree. */
  async function members(rule: SegmentRule): Promise<string[]> {
    expect(checkSegmentRule(rule, '$')).toMatchObject({ ok: true });
    const page = membersStatement(rule, segments, now, { after: null, limit: 100 });
    const found = (await database.pool.query<{ subject_id: string }>(page.text, page.values)).rows;
    const size = sizeStatement(rule, segments, now);
    const counted = (await database.pool.query<{ size: number }>(size.text, size.values)).rows;
    expect(counted).toEqual([{ size: found.length }]);
    const asked = truthsStatement(
      [rule, { not: rule }],
      segments,
      everyone.map((subjectId) => ({ subjectId, at: now })),
    );
    const truths = (await database.pool.query<{ place: number; truths: boolean[] }>(asked.text, asked.values)).rows;
    expect(truths).toHaveLength(everyone.length);
    for (const { place, truths: pair } of truths) {
      const isMember = found.some((row) => row.subject_id === everyone[place - 1]);
      expect(pair).toEqual([isMember, !isMember]);
    }
    return found.map((row) => row.subject_id);
  }

  it.each<[SegmentRule, string]>([
    [{ tag: 'a' }, 'ann'],
    [{ not: { tag: 'a' } }, 'bob cid dirty eve'],
    [{ stage: 'Revenue' }, 'ann'],
    [{ not: { stage: 'Revenue' } }, 'bob cid dirty eve'],
    [{ tier: 'gold' }, 'ann'],
    [{ all: [{ tag: 'a' }, { tier: 'silver' }] }, ''],
    [{ any: [{ tag: 'a' }, { attribute: 'city', operator: 'eq', value: 'paris' }] }, 'ann bob'],
    [{ segment: 'buyers' }, 'ann bob cid'],
    [{ segment: 'non-buyers' }, 'dirty eve'],
    [{ attribute: 'age', operator: 'eq', value: 30 }, 'ann'],
    [{ attribute: 'age', operator: 'ne', value: 30 }, 'bob cid dirty eve'],
    [{ attribute: 'age', operator: 'gte', value: 30 }, 'ann bob'],
    [{ attribute: 'age', operator: 'lt', value: 1e300 }, 'ann bob'],
    [{ attribute: 'age', operator: 'in', value: [30, 'unknown'] }, 'ann cid'],
    [{ attribute: 'city', operator: 'eq', value: '7' }, 'cid'],
    [{ attribute: 'city', operator: 'contains', value: 'ari' }, 'ann bob'],
    [{ attribute: 'city', operator: 'contains', value: 'Paris' }, 'ann dirty'],
    [{ attribute: 'langs', operator: 'contains', value: 'fr' }, 'ann'],
    [{ attribute: 'vip', operator: 'eq', value: true }, 'ann bob'],
    [{ attribute: 'note', operator: 'exists' }, ''],
    [{ attribute: 'age', operator: 'exists', value: false }, 'eve'],
    [{ attribute: 'since', operator: 'before', value: '2024-03-01' }, 'ann'],
    [{ attribute: 'since', operator: 'after', value: '2025-12-31T15:59:59.999Z' }, 'bob'],
    [{ attribute: "x' OR true --", operator: 'eq', value: "' OR true --" }, ''],
    [{ event: 'purchase' }, 'ann bob cid'],
    [{ event: 'purchase', operator: 'exists', value: false }, 'dirty eve'],
    [{ event: 'purchase', operator: 'eq', value: 3 }, 'ann'],
    [{ event: 'purchase', operator: 'lt', value: 1 }, 'dirty eve'],
    [{ event: 'purchase', window: 'P30D', operator: 'eq', value: 2 }, 'ann bob'],
    [{ event: 'purchase', window: 'PT0.001S', operator: 'gte', value: 1 }, 'ann'],
    [{ event: 'purchase', aggregate: 'sum', of: 'amount', operator: 'eq', value: 1100.3 }, 'ann'],
    [{ event: 'purchase', aggregate: 'sum', of: 'amount', operator: 'eq', value: 99.9 }, 'bob'],
    [{ event: 'purchase', aggregate: 'sum', of: 'amount', operator: 'lte', value: 0 }, 'cid dirty eve'],
    [{ event: 'purchase', aggregate: 'min', of: 'amount', operator: 'lt', value: 100 }, 'ann bob'],
    [{ event: 'purchase', aggregate: 'max', of: 'amount', operator: 'in', value: [1000, 99.9] }, 'ann bob'],
    [{ event: 'purchase', aggregate: 'avg', of: 'amount', operator: 'exists', value: false }, 'cid dirty eve'],
    [{ event: 'purchase', aggregate: 'avg', of: 'amount', operator: 'ne', value: 99.9 }, 'ann cid dirty eve'],
    [{ event: 'purchase', aggregate: 'daysSinceLast', operator: 'gte', value: 5 }, 'bob cid'],
    [{ event: 'purchase', aggregate: 'daysSinceLast', operator: 'gt', value: 5 }, 'bob'],
    [{ event: 'purchase', aggregate: 'daysSinceFirst', operator: 'gt', value: 30 }, 'ann'],
    [{ event: 'purchase', where: { country: 'UK' } }, 'ann bob'],
    [{ event: 'purchase', where: { country: ['FR', 'DE'] } }, 'ann'],
    [{ event: 'purchase', where: { country: { operator: 'exists', value: false } } }, 'bob cid'],
    [{ event: 'purchase', where: { country: 'FR', amount: { operator: 'gt', value: 500 } } }, 'ann'],
  ])('%j', async (rule, expected) => {
    expect((await members(rule)).join(' ')).toBe(expected);
  });

  it('judges every subject at its own time, and one without a profile as an empty one', async () => {
    const rule: SegmentRule = { event: 'purchase', window: 'P30D', operator: 'gte', value: 2 };
    const subjects = [
      { subjectId: 'ann', at: now },
      { subjectId: 'ann', at: now + 1 },
      { subjectId: 'nobody', at: now },
      { subjectId: 'ann', at: now - 1 },
    ];
    const statement = truthsStatement([rule, { not: { tag: 'a' } }], segments, subjects);
    const { rows } = await database.pool.query<{ place: number; truths: boolean[] }>(statement.text, statement.values);
    expect(rows.sort((a, b) => a.place - b.place).map((row) => row.truths)).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it('computes equal aggregates of several rules once', () => {
    const rule = (value: number): SegmentRule => ({ event: 'p', aggregate: 'sum', of: 'a', operator: 'gte', value });
    const { text } = truthsStatement([rule(1), rule(2), { not: rule(3) }], segments, [{ subjectId: 'ann', at: now }]);
    expect(text.match(/user_event/g)).toHaveLength(1);
  });
});
