import { bpmn, compileOne } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { advance } from '../advance.js';
import { createInstance } from '../create-instance.js';

describe('an exclusive gateway', () => {
  const nodes = (attributes = '') =>
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" ${attributes} />
     <bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />`;
  const conditions = ['f1: s -> x', 'f2: x -> a if amount > 100', 'f3: x -> b if amount > 10'];

  it('takes the first flow whose condition is true', async () => {
    const drive = await Drive.start(bpmn(nodes(), conditions), { amount: 500 });
    expect(drive.waitingAt).toEqual(['a']);
    expect(drive.events).toContainEqual({ kind: 'flow-taken', flowId: 'f2', why: 'condition' });
  });

  it('takes the default flow when no condition is true, wherever it stands', async () => {
    const drive = await Drive.start(bpmn(nodes('default="f0"'), ['f0: x -> c', ...conditions]), { amount: 1 });
    expect(drive.waitingAt).toEqual(['c']);
    expect(drive.events).toContainEqual({ kind: 'flow-taken', flowId: 'f0', why: 'default' });
  });

  it('merges without waiting', async () => {
    const drive = await Drive.start(
      bpmn(
        '<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:exclusiveGateway id="x" /><bpmn:userTask id="a" />',
        ['f1: s -> fork', 'f2: fork -> x', 'f3: fork -> x', 'f4: x -> a'],
      ),
    );
    expect(drive.view.tokens.map(({ elementId }) => elementId)).toEqual(['a', 'a']);
  });

  describe('without a flow to take', () => {
    it('becomes an incident that offers the flows', async () => {
      const drive = await Drive.start(bpmn(nodes(), conditions), { amount: 1 });
      expect(drive.incident).toMatchObject({ type: 'no-flow-chosen', elementId: 'x', choices: ['f2', 'f3'] });
      expect(drive.waitingAt).toEqual(['x']);
    });

    it('goes on by the flow that someone chooses', async () => {
      const drive = await Drive.start(bpmn(nodes(), ['f1: s -> x', 'f2: x -> a', 'f3: x -> b']));
      drive.resolve({ action: 'take-flow', flowId: 'f3' });
      expect(drive.waitingAt).toEqual(['b']);
      expect(drive.events).toContainEqual({ kind: 'flow-taken', flowId: 'f3', why: 'chosen' });
      expect(drive.all('resolve-incident')).toHaveLength(1);
    });

    it('does not go on by a flow of another element', async () => {
      const drive = await Drive.start(bpmn(nodes(), conditions), { amount: 1 });
      drive.resolve({ action: 'take-flow', flowId: 'f1' });
      expect(drive.incident.type).toBe('no-flow-chosen');
    });

    it('chooses again on a retry, over the variables set with it', async () => {
      const drive = await Drive.start(bpmn(nodes(), conditions), { amount: 1 });
      drive.resolve({ action: 'retry' }, { amount: 50 });
      expect(drive.waitingAt).toEqual(['b']);
    });
  });

  it('keeps the token when a condition cannot be evaluated', async () => {
    const drive = await Drive.start(bpmn(nodes(), ['f1: s -> x', 'f2: x -> a if amount', 'f3: x -> b if true']), {
      amount: 'many',
    });
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'x' });
    drive.resolve({ action: 'retry' }, { amount: true });
    expect(drive.waitingAt).toEqual(['a']);
  });

  it('asks for the segments and the profile that its conditions read, once', async () => {
    const flows = ['f1: s -> x', 'f2: x -> a if segment("vip")', 'f3: x -> b if user.points > 10 and segment("new")'];
    const drive = await Drive.start(bpmn(nodes(), flows), {}, (question) => {
      if (question.kind === 'segments') return { vip: false, new: true };
      return { id: 'ada', attributes: {}, tags: [], stage: null, tier: null, points: 11 };
    });
    expect(drive.all('ask').map(({ question }) => question)).toEqual([
      { kind: 'profile' },
      { kind: 'segments', segments: ['vip', 'new'] },
    ]);
    expect(drive.waitingAt).toEqual(['b']);
  });
});

describe('a split', () => {
  const split = bpmn(
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x">
       <bpmn:extensionElements><xflow:split experiment="offer" /></bpmn:extensionElements></bpmn:exclusiveGateway>
     <bpmn:endEvent id="a" /><bpmn:endEvent id="b" /><bpmn:endEvent id="c" />`,
    ['f1: s -> x', 'f2: x -> a weight 1', 'f3: x -> b weight 2', 'f4: x -> c weight 0'],
  );

  it('draws the same arm for a user every time', async () => {
    const [one, other] = [await Drive.start(split), await Drive.start(split)];
    const arm = one.events.find(({ kind }) => kind === 'arm-chosen');
    expect(arm).toMatchObject({ elementId: 'x', experiment: 'offer', holdout: false });
    expect(other.events).toContainEqual(arm);
  });

  it('gives every arm its share of the users', async () => {
    const definition = await compileOne(split);
    const users = 9_000;
    const ends = new Map<string, number>();
    for (let number = 0; number < users; number += 1) {
      const state = createInstance({ instanceId: 'i', subjectId: `user-${number}` });
      for (const event of advance(definition, state, { kind: 'start', at: 0 }).events)
        if (event.kind === 'arm-chosen') ends.set(event.flowId, (ends.get(event.flowId) ?? 0) + 1);
    }
    // Four standard deviations of a fair draw: 4 * sqrt(9000 / 3 * 2 / 3) = 179.
    expect(Math.abs(ends.get('f2')! - users / 3)).toBeLessThan(179);
    expect(Math.abs(ends.get('f3')! - (users * 2) / 3)).toBeLessThan(179);
    expect(ends.has('f4')).toBe(false);
  });
});
