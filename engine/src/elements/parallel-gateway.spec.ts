import { bpmn } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const user = (id: string) => `<bpmn:userTask id="${id}" />`;

describe('a parallel gateway', () => {
  const forkAndJoin = bpmn(
    `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a')}${user('b')}
     <bpmn:parallelGateway id="join" /><bpmn:endEvent id="e" />`,
    ['f1: s -> fork', 'f2: fork -> a', 'f3: fork -> b', 'f4: a -> join', 'f5: b -> join', 'f6: join -> e'],
  );

  it('leaves by all outgoing flows', async () => {
    const drive = await Drive.start(forkAndJoin);
    expect(drive.waitingAt).toEqual(['a', 'b']);
  });

  it('joins when a token is on every incoming flow', async () => {
    const drive = await Drive.start(forkAndJoin);
    drive.complete('b');
    expect(drive.waitingAt).toEqual(['a', 'join']);
    expect(drive.view.tokens.find(({ elementId }) => elementId === 'join')?.waitingFor).toEqual([{ kind: 'join' }]);
    drive.complete('a');
    expect(drive.status).toBe('completed');
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(1);
  });

  it('counts flows, not tokens: two tokens on one flow do not join', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a')}${user('b')}${user('c')}
         <bpmn:exclusiveGateway id="merge" /><bpmn:parallelGateway id="join" /><bpmn:endEvent id="e" />`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b',
          'f4: fork -> c',
          'f5: a -> merge',
          'f6: b -> merge',
          'f7: merge -> join',
          'f8: c -> join',
          'f9: join -> e',
        ],
      ),
    );
    drive.complete('a').complete('b');
    expect(drive.passed).not.toContain('join');
    drive.complete('c');
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(1);
    // The second token waits for a second round, which never comes.
    expect(drive.waitingAt).toEqual(['join']);
    expect(drive.status).toBe('active');
  });

  it('keeps two flows between the same two nodes apart', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" /><bpmn:endEvent id="e" />`,
        ['f1: s -> fork', 'f2: fork -> join', 'f3: fork -> join', 'f4: join -> e'],
      ),
    );
    expect(drive.status).toBe('completed');
    expect(drive.passed).toEqual(['s', 'fork', 'join', 'e']);
  });

  it('joins again in a loop', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="again" /><bpmn:parallelGateway id="fork" />
         <bpmn:parallelGateway id="join" />${user('ask')}<bpmn:exclusiveGateway id="done" default="f8" /><bpmn:endEvent id="e" />`,
        [
          'f1: s -> again',
          'f2: again -> fork',
          'f3: fork -> join',
          'f4: fork -> join',
          'f5: join -> ask',
          'f6: ask -> done',
          'f7: done -> again if again',
          'f8: done -> e',
        ],
      ),
    );
    drive.complete('ask', { again: true }).complete('ask', { again: false });
    expect(drive.status).toBe('completed');
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(2);
  });
});
