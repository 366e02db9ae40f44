import type { DecisionDeployment } from '@xflow/schemas';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../src/cli/api-client.js';
import { deployPath } from '../src/cli/story-folder.js';
import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** A DMN file with one table: from an amount on, a tier. */
const tiers = (...rules: readonly (readonly [number, string])[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="urn:test">
  <decision id="tier" name="Tier">
    <decisionTable id="table" hitPolicy="FIRST">
      <input id="amount"><inputExpression id="expression" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="output" name="tier" typeRef="string"/>
      ${rules
        .map(
          ([from, tier], index) =>
            `<rule id="rule-${index}"><inputEntry id="in-${index}"><text>&gt;= ${from}</text></inputEntry>` +
            `<outputEntry id="out-${index}"><text>"${tier}"</text></outputEntry></rule>`,
        )
        .join('')}
    </decisionTable>
  </decision>
</definitions>`;

const asking = (key: string, decision: string): string =>
  diagram(
    process(
      key,
      sequence(
        start,
        wait('hour', 'PT1H'),
        `<bpmn:businessRuleTask id="decide"><bpmn:extensionElements><xflow:decision ref="${decision}" resultVariable="tier"/></bpmn:extensionElements></bpmn:businessRuleTask>`,
        end,
      ),
    ),
  );

describe('decisions', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob');
  });

  it('must be deployed before a diagram that asks them', async () => {
    expect(await server.api.refused('POST', '/workflows', asking('early', 'tier'))).toMatchObject({
      status: 422,
      errors: [{ rule: 'unknown-decision', elementId: 'decide', remedy: expect.stringContaining('/api/decisions') }],
    });
  });

  it('are deployed in versions, and none of identical content', async () => {
    const { api } = server;
    const first = await api.request('POST', '/decisions', tiers([100, 'gold'], [0, 'basic']));
    expect(first).toMatchObject({
      status: 201,
      body: { decisions: [{ id: 'tier', name: 'Tier', version: 1, created: true }], problems: [] },
    });
    const same = await api.request('POST', '/decisions', { xml: tiers([100, 'gold'], [0, 'basic']) });
    expect(same).toMatchObject({ status: 200, body: { decisions: [{ version: 1, created: false }] } });
    const second = await api.ok<DecisionDeployment>('POST', '/decisions', tiers([50, 'gold'], [0, 'basic']));
    expect(second.decisions).toMatchObject([{ version: 2, created: true }]);
    expect(await api.ok('GET', '/decisions')).toMatchObject({ items: [{ id: 'tier', version: 2 }] });
    expect(await api.ok('GET', '/decisions/tier')).toMatchObject({
      version: 2,
      versions: [{ version: 2 }, { version: 1 }],
    });
    expect(await api.ok('GET', '/decisions/tier?version=1')).toMatchObject({
      xml: tiers([100, 'gold'], [0, 'basic']),
    });
    expect(await api.refused('GET', '/decisions/tier?version=3')).toMatchObject({ status: 404 });
    expect(await api.refused('GET', '/decisions/tire')).toMatchObject({ status: 404 });
  });

  it('that do not compile are refused with every problem', async () => {
    const { errors } = await server.api.refused('POST', '/decisions', tiers([0, 'a"b'], [1, 'c"d']));
    expect(errors).toHaveLength(2);
    expect(errors).toMatchObject([{ rule: 'dmn-expression' }, { rule: 'dmn-expression' }]);
    expect(await server.api.refused('POST', '/decisions', 'no XML')).toMatchObject({ status: 422 });
  });

  it('answer all instances of a batch in the version that is then the newest', async () => {
    const { api } = server;
    await api.deploy(asking('journey', 'tier'));
    const started = [
      await api.start('journey', 'ann', { amount: 70 }),
      await api.start('journey', 'bob', { amount: 10 }),
    ];
    await api.ok('POST', '/decisions', tiers([60, 'platinum'], [0, 'basic']));
    await api.advance('PT1H');
    const statuses = await Promise.all(started.map((id) => api.status(id)));
    expect(statuses.map(({ variables }) => variables['tier'])).toEqual(['platinum', 'basic']);
    const answer = (await api.history(started[0]!)).find(({ input }) => input['kind'] === 'answered');
    expect(answer?.input['answer']).toEqual({ result: 'platinum', matched: [{ decision: 'tier', rules: ['rule-0'] }] });
  });

  it('are deployed by the command line, before the diagrams of their folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'xflow-decisions-'));
    await writeFile(join(folder, 'a-process.bpmn'), asking('from-folder', 'level'));
    await writeFile(join(folder, 'level.dmn'), tiers([0, 'one']).replace('id="tier"', 'id="level"'));
    const client = new ApiClient(server.url);
    expect(await deployPath(folder, client)).toEqual([
      'decision level version 1',
      expect.stringMatching(/^workflow from-folder version 1$/m),
    ]);
    expect(await deployPath(join(folder, 'level.dmn'), client)).toEqual(['decision level version 1 (unchanged)']);
    await rm(folder, { recursive: true });
  });

  it('that fail become an incident, which a retry after a correction resolves', async () => {
    const { api } = server;
    const id = await api.start('journey', 'ann', { amount: 'much' });
    await api.ok(
      'POST',
      '/decisions',
      tiers([0, 'basic'])
        .replace('FIRST', 'UNIQUE')
        .replace(
          '</decisionTable>',
          '<rule id="again"><inputEntry id="in-again"><text>-</text></inputEntry><outputEntry id="out-again"><text>"twice"</text></outputEntry></rule><rule id="more"><inputEntry id="in-more"><text>-</text></inputEntry><outputEntry id="out-more"><text>"thrice"</text></outputEntry></rule></decisionTable>',
        ),
    );
    await api.advance('PT1H');
    const { incidents } = await api.status(id);
    expect(incidents).toMatchObject([{ type: 'answer-failed', reason: expect.stringContaining('UNIQUE') }]);
    await api.ok('POST', '/decisions', tiers([0, 'basic']));
    await api.ok('POST', `/instances/${id}/incidents/${encodeURIComponent(incidents[0]!.id)}/resolve`, {
      action: 'retry',
      variables: { amount: 5 },
    });
    await api.rest();
    expect(await api.status(id)).toMatchObject({ status: 'completed', variables: { tier: 'basic' } });
  });
});
