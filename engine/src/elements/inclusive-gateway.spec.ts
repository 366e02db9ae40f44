import { bpmn, flow, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const user = (...ids: string[]) => ids.map((id) => `<bpmn:userTask id="${id}" />`).join('');
const inclusive = (id: string, attributes = '') => `<bpmn:inclusiveGateway id="${id}" ${attributes} />`;

describe('an inclusive gateway that splits', () => {
  const xml = bpmn(`<bpmn:startEvent id="s" />${inclusive('or', 'default="f4"')}${user('a', 'b', 'c')}`, [
    'f1: s -> or',
    'f2: or -> a if n > 1',
    'f3: or -> b if n > 2',
    'f4: or -> c',
  ]);

  it('leaves by every flow whose condition is true', async () => {
    expect((await Drive.start(xml, { n: 3 })).waitingAt).toEqual(['a', 'b']);
    expect((await Drive.start(xml, { n: 2 })).waitingAt).toEqual(['a']);
  });

  it('leaves by the default flow only when none is true', async () => {
    expect((await Drive.start(xml, { n: 0 })).waitingAt).toEqual(['c']);
  });

  it('becomes an incident when there is nothing to take', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" />${inclusive('or')}${user('a', 'b')}`, [
        'f1: s -> or',
        'f2: or -> a if n > 1',
        'f3: or -> b if n > 2',
      ]),
      { n: 0 },
    );
    expect(drive.incident).toMatchObject({ type: 'no-flow-chosen', choices: ['f2', 'f3'] });
    drive.resolve({ action: 'retry' }, { n: 3 });
    expect(drive.waitingAt).toEqual(['a', 'b']);
  });
});

describe('an inclusive gateway that joins', () => {
  const block = bpmn(
    `<bpmn:startEvent id="s" />${inclusive('or')}${user('a', 'b', 'c')}${inclusive('join')}${user('after')}`,
    [
      'f1: s -> or',
      'f2: or -> a if n > 0',
      'f3: or -> b if n > 1',
      'f4: or -> c if n > 2',
      'f5: a -> join',
      'f6: b -> join',
      'f7: c -> join',
      'f8: join -> after',
    ],
  );

  it('waits for those branches that were taken, and only for them', async () => {
    const drive = await Drive.start(block, { n: 2 });
    drive.complete('b');
    expect(drive.waitingAt).toEqual(['a', 'join']);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(1);
  });

  it('lets a single branch through at once', async () => {
    expect((await Drive.start(block, { n: 1 })).complete('a').waitingAt).toEqual(['after']);
  });

  it('stops waiting for a branch that ends elsewhere', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a', 'b')}
         <bpmn:exclusiveGateway id="x" default="f7" /><bpmn:endEvent id="out" />${inclusive('join')}${user('after')}`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b',
          'f4: a -> join',
          'f5: b -> x',
          'f6: x -> join if stay',
          'f7: x -> out',
          'f8: join -> after',
        ],
      ),
    );
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['join', 'b']);
    drive.complete('b', { stay: false });
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('waits for a token in a loop before it', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a', 'b')}
         <bpmn:exclusiveGateway id="again" /><bpmn:exclusiveGateway id="x" default="f7" />${inclusive('join')}${user('after')}`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> again',
          'f4: again -> b',
          'f5: b -> x',
          'f6: x -> again if redo',
          'f7: x -> join',
          'f8: a -> join',
          'f9: join -> after',
        ],
      ),
    );
    drive.complete('a').complete('b', { redo: true });
    expect(drive.waitingAt).toEqual(['join', 'b']);
    drive.complete('b', { redo: false });
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(1);
  });

  it('does not wait for a token that can only come through the join itself', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${inclusive('join')}${user('a')}<bpmn:exclusiveGateway id="x" default="f4" /><bpmn:endEvent id="e" />`,
        ['f1: s -> join', 'f2: join -> a', 'f3: a -> x', 'f4: x -> e', 'f5: x -> join if again'],
      ),
    );
    drive.complete('a', { again: true });
    expect(drive.waitingAt).toEqual(['a']);
    drive.complete('a', { again: false });
    expect(drive.status).toBe('completed');
  });

  it('does not wait for a token that may as well come by a flow that has one already', async () => {
    // The second half of the rule of BPMN 2.0.2, 13.4.3: from b, a path leads to f6 (no token), and another to f5 (a token).
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a', 'b')}
         <bpmn:exclusiveGateway id="merge" /><bpmn:exclusiveGateway id="x" default="f6" />${inclusive('join')}${user('after')}`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b',
          'f4: a -> merge',
          'f5: merge -> join',
          'f6: x -> join',
          'f7: b -> x',
          'f8: x -> merge if over',
          'f9: join -> after',
        ],
      ),
    );
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['after', 'b']);
  });

  it('waits for a token that can come by a boundary event', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('a', 'b')}
         <bpmn:boundaryEvent id="late" attachedToRef="b">${timer('P1D')}</bpmn:boundaryEvent>
         <bpmn:endEvent id="e" />${inclusive('join')}${user('after')}`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b',
          'f4: a -> join',
          'f5: b -> e',
          'f6: late -> join',
          'f7: join -> after',
        ],
      ),
    );
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['join', 'b']);
    drive.timer('late');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('looks at its own scope only', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${user('outside')}
         <bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />${inclusive('or')}${user('a', 'b')}${inclusive('join')}${user('after')}
         ${['g1: s2 -> or', 'g2: or -> a if true', 'g3: or -> b if false', 'g4: a -> join', 'g5: b -> join', 'g6: join -> after'].map(flow).join('')}
         </bpmn:subProcess>`,
        ['f1: s -> fork', 'f2: fork -> outside', 'f3: fork -> sub'],
      ),
    );
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['outside', 'after']);
  });

  it('lets tokens that came by the same flow through one after the other', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:exclusiveGateway id="x" />${user('a')}${inclusive('join')}${user('after')}`,
        [
          'f1: s -> fork',
          'f2: fork -> x',
          'f3: fork -> x',
          'f4: x -> join',
          'f5: fork -> a',
          'f6: a -> join',
          'f7: join -> after',
        ],
      ),
    );
    drive.complete('a');
    expect(drive.view.tokens.map(({ elementId }) => elementId)).toEqual(['after', 'after']);
  });

  it('lets tokens through in all runs of an activity at once, each among its own', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
         <bpmn:startEvent id="s2" />${inclusive('or', 'default="g3"')}${inclusive('join')}<bpmn:task id="a" /><bpmn:task id="b" />
         ${['g1: s2 -> or', 'g2: or -> a if true', 'g3: or -> b', 'g4: a -> join', 'g5: b -> join'].map(flow).join('')}</bpmn:subProcess>${user('after')}`,
        ['f1: s -> sub', 'f2: sub -> after'],
      ),
    );
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.passed.filter((id) => id === 'join')).toHaveLength(3);
  });

  it('that a loop feeds without end is stopped before it looks at all tokens again and again', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" />${inclusive('join')}<bpmn:intermediateThrowEvent id="round" />${user('a')}`, [
        'f1: s -> join',
        'f2: join -> round',
        'f3: join -> a',
        'f4: round -> join',
      ]),
    );
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.state.tokens.length).toBeLessThan(5_000);
  });
});
