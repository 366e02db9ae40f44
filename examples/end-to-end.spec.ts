import type { InstancePage, InstanceSummary, Mail, Upgrade, User } from '@xflow/schemas';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { xflow } from '../server/src/cli/xflow.js';
import { startTestServer, type TestServer } from '../server/test/test-server.js';
import { AwardBadge } from './custom-task/award-badge.js';

const example = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The stories on a real server: deployed, fed and started as an operator would, by the command line. */
describe('on a server', () => {
  let server: TestServer;
  const folder = mkdtempSync(join(tmpdir(), 'xflow-examples-'));
  beforeAll(async () => {
    server = await startTestServer({ handlers: [AwardBadge] });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<string> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await xflow([...args, '--url', server.url], {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      isInteractive: false,
      env: {},
      cwd: folder,
    });
    expect(err).toEqual([]);
    expect(code).toBe(0);
    return out.join('\n');
  }
  const list = async <Item>(path: string): Promise<Item[]> =>
    (await server.api.ok<{ items: Item[] }>('GET', path)).items;

  it('custom-task awards its badge', async () => {
    await server.api.createUsers('rita');
    expect(await run('deploy', example('custom-task'))).toBe('workflow custom-task version 1');
    const status = JSON.parse(await run('start', 'custom-task', '--user', 'rita', '--wait', '10')) as InstanceSummary;
    expect(status).toMatchObject({ status: 'completed', variables: { award: { badge: 'reviewer', points: 50 } } });
    const rita = await server.api.ok<User>('GET', '/users/rita');
    expect(rita).toMatchObject({ tags: ['badge-reviewer'], points: 50, stage: 'Referral' });
  });

  it('vip-upgrade takes the customers of the retail file through', async () => {
    await server.api.ok('POST', '/clock/advance', { to: '2026-01-06T09:00:00Z' });
    expect(await run('deploy', example('vip-upgrade'))).toBe(
      ['segment big-spenders', 'ladder loyalty', 'template vip-invitation', 'workflow vip-upgrade version 1'].join(
        '\n',
      ),
    );
    // The purchases of the file are of 2011; these make two customers big spenders of this year.
    await run('import', example('retail/orders.csv'), '--mapping', example('retail/mapping.json'), '--json');
    for (const [userId, amount] of [
      ['20011', 1200],
      ['20007', 999],
    ] as const) {
      await server.api.ok('POST', '/events', {
        userId,
        name: 'purchase',
        at: '2026-01-02T10:00:00Z',
        properties: { amount },
      });
    }
    const users = (await list<User>('/users?limit=1000')).filter(({ id }) => id.startsWith('20'));
    expect(users).toHaveLength(12);

    await server.api.ok('POST', '/workflows/vip-upgrade/start', { users: users.map(({ id }) => ({ userId: id })) });
    await server.api.rest();
    const waiting = await server.api.ok<InstancePage>('GET', '/instances?workflow=vip-upgrade&status=active');
    expect(waiting.items.map(({ userId, waitingAt }) => [userId, waitingAt])).toEqual([['20011', ['WaitForReturns']]]);
    expect(await list<Mail>('/mailbox')).toEqual([]);

    await server.api.advance('P3D');
    const { items } = await server.api.ok<InstancePage>('GET', '/instances?workflow=vip-upgrade&limit=100');
    expect(items.map(({ status }) => status)).toEqual(Array<string>(12).fill('completed'));
    expect(await list<Mail>('/mailbox')).toEqual([
      expect.objectContaining({ to: '20011@customers.example', subject: 'You are invited to the VIP club' }),
    ]);
    const tiers = Object.fromEntries(
      (await list<Upgrade>('/ladders/loyalty/upgrades')).map(({ userId, to }) => [userId, to]),
    );
    expect(tiers).toMatchObject({ '20001': 'gold', '20004': 'bronze', '20011': 'silver', '20006': 'gold' });
    expect(await server.api.ok<User>('GET', '/users/20011')).toMatchObject({ tier: 'silver', stage: 'Revenue' });
    expect(await server.api.ok<User>('GET', '/users/20004')).toMatchObject({
      tier: 'bronze',
      stage: 'Retention',
      tags: ['vip-prospect'],
    });
  });
});
