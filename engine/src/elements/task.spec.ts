import { bpmn, extensions, job } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const around = (node: string) =>
  bpmn(`<bpmn:startEvent id="s" />${node}<bpmn:userTask id="after" />`, ['f1: s -> work', 'f2: work -> after']);
const asked = (content: string) =>
  around(`<bpmn:serviceTask id="work" name="Work">${extensions(content)}</bpmn:serviceTask>`);

describe('a task whose work is a job', () => {
  it('creates the job with configuration, idempotency key and type, and waits', async () => {
    const drive = await Drive.start(around(job('work', '<xflow:input name="amount" value="=price * 2" />')), {
      price: 4,
    });
    expect(drive.last('create-task', 'work')).toMatchObject({
      taskKind: 'job',
      type: 'charge',
      idempotencyKey: 'i1:work:2',
    });
    expect(JSON.stringify(drive.last('create-task', 'work'))).toContain('"amount":8');
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'task', detail: 'charge' }]);
  });

  it('puts the whole result into the result variable', async () => {
    const drive = await Drive.start(around(job('work', '', 'resultVariable="receipt"')));
    drive.complete('work', { number: 7 });
    expect(drive.variables).toEqual({ receipt: { number: 7 } });
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('maps the result through its outputs', async () => {
    const drive = await Drive.start(
      around(job('work', '<xflow:output name="number" value="=result.number + offset" />')),
      { offset: 100 },
    );
    drive.complete('work', { number: 7 });
    expect(drive.variables).toEqual({ offset: 100, number: 107 });
  });

  it('of another engine merges an object that it returns', async () => {
    const foreign = `<bpmn:serviceTask id="work">${extensions(
      '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="charge" />',
    )}</bpmn:serviceTask>`;
    expect((await Drive.start(around(foreign))).complete('work', { number: 7 }).variables).toEqual({ number: 7 });
  });

  it('maps again, and does no work again, when an output has failed', async () => {
    const drive = await Drive.start(
      around(job('work', '<xflow:output name="vip" value="=if segment(&quot;vip&quot;) then result else 0" />')),
    );
    drive.complete('work', 5);
    drive.feed({
      kind: 'answer-failed',
      at: drive.at,
      questionId: drive.last('ask', 'work').questionId,
      reason: 'There is no segment "vip".',
    });
    expect(drive.incident).toMatchObject({ type: 'answer-failed', elementId: 'work' });
    drive.resolve({ action: 'retry' }).answer('work', { vip: true });
    expect(drive.variables).toEqual({ vip: 5 });
    expect(drive.all('create-task').filter(({ elementId }) => elementId === 'work')).toHaveLength(1);
  });

  it('that fails becomes an incident, and is done again with the same key', async () => {
    const drive = await Drive.start(around(job('work')));
    drive.fail('work', 'The card was refused.');
    expect(drive.incident).toMatchObject({ type: 'task-failed', elementId: 'work' });
    expect(drive.incident.reason).toContain('The card was refused.');
    drive.resolve({ action: 'retry' });
    const [first, second] = drive.all('create-task');
    expect(second!.taskId).not.toBe(first!.taskId);
    expect(second!.idempotencyKey).toBe(first!.idempotencyKey);
  });

  it('has another key each time a loop comes round', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="again" />${job('work')}`, [
        'f1: s -> again',
        'f2: again -> work',
        'f3: work -> again',
      ]),
    );
    drive.complete('work').complete('work');
    expect(new Set(drive.all('create-task').map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });
});

describe('a task that is answered within the step', () => {
  it('asks its handler, and takes result and changes of the user', async () => {
    const drive = await Drive.start(asked('<xflow:tierUpgrade ladder="loyalty" resultVariable="tier" />'), {}, () => ({
      result: { tier: 'gold' },
      changes: [{ kind: 'tier', ladder: 'loyalty', tier: 'gold' }],
    }));
    expect(drive.last('ask', 'work').question).toMatchObject({ kind: 'task', type: 'tier-upgrade' });
    expect(drive.last('change-user', 'work').change).toEqual({ kind: 'tier', ladder: 'loyalty', tier: 'gold' });
    expect(drive.variables).toEqual({ tier: { tier: 'gold' } });
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('is told by a segment check whether the user is in the segment', async () => {
    const drive = await Drive.start(asked('<xflow:segmentCheck segment="vip" />'), {}, () => ({ result: true }));
    expect(drive.variables).toEqual({ inSegment: true });
  });

  it('reads the profile before it asks its handler', async () => {
    const drive = await Drive.start(
      asked(
        '<xflow:task type="score"><xflow:input name="greeting" value="=&quot;Hello &quot; + user.id" /></xflow:task>',
      ),
    );
    expect(drive.last('ask', 'work').question).toEqual({ kind: 'profile' });
    drive.answer('work', { id: 'ada', attributes: {}, tags: [], stage: null, tier: null, points: 0 });
    expect(drive.last('ask', 'work').question).toMatchObject({ kind: 'task', type: 'score' });
    expect(JSON.stringify(drive.last('ask', 'work').question)).toContain('"greeting":"Hello ada"');
  });

  it('that nobody can answer becomes an incident, and asks again on a retry', async () => {
    const drive = await Drive.start(asked('<xflow:segmentCheck segment="vip" />'));
    drive.feed({
      kind: 'answer-failed',
      at: drive.at,
      questionId: drive.last('ask', 'work').questionId,
      reason: 'There is no segment "vip".',
      remedy: 'Create it.',
    });
    expect(drive.incident).toMatchObject({ type: 'answer-failed', remedy: 'Create it.' });
    drive.resolve({ action: 'retry' });
    expect(drive.all('ask')).toHaveLength(2);
  });

  it('does not ask with a configuration that is not valid', async () => {
    const drive = await Drive.start(asked('<xflow:segmentCheck segment="=name" />'), { name: 7 });
    expect(drive.incident).toMatchObject({ type: 'invalid-config', elementId: 'work' });
    drive.resolve({ action: 'retry' }, { name: 'vip' });
    expect(drive.last('ask', 'work').question).toMatchObject({ config: { segment: 'vip' } });
  });
});
