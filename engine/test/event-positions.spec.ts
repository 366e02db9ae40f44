import { readFileSync } from 'node:fs';
import { compile } from '../src/compile/compile.js';
import {
  bpmn,
  error,
  escalation,
  flow,
  message,
  onCondition,
  onError,
  onEscalation,
  onMessage,
  onSignal,
  signal,
  timer,
} from './bpmn.js';

const readme = readFileSync(new URL('../../docs/elements/README.md', import.meta.url), 'utf8');
const [header, ...rows] = (/## Events by position[^]*?(\|[^]*?)\n\n/.exec(readme)?.[1] ?? '')
  .split('\n')
  .filter((line) => !line.startsWith('|---'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const definitions: Readonly<Record<string, string>> = {
  none: '',
  message: onMessage('ping'),
  timer: timer('P1D'),
  signal: onSignal('alarm'),
  conditional: onCondition('amount > 2'),
  error: onError('refused'),
  escalation: onEscalation('late'),
  compensation: '<bpmn:compensateEventDefinition />',
  cancel: '<bpmn:cancelEventDefinition />',
  link: '<bpmn:linkEventDefinition name="on" />',
  terminate: '<bpmn:terminateEventDefinition />',
  multiple: onMessage('ping') + onSignal('alarm'),
  'parallel multiple': onMessage('ping') + onSignal('alarm'),
};

/** A process with the event in the position, and all that it needs around it. */
function diagram(kind: string, position: string, definition = definitions[kind] ?? ''): string {
  const parallel = kind === 'parallel multiple' ? 'parallelMultiple="true"' : '';
  const globals = message('ping') + signal('alarm') + error('refused') + escalation('late');
  const row = (nodes: string, flows: readonly string[]) => bpmn(nodes, flows, globals);
  const event = (attributes: string) =>
    `<bpmn:startEvent id="s" /><bpmn:task id="t" /><bpmn:subProcess id="sub" triggeredByEvent="true"><bpmn:startEvent id="it" ${attributes} ${parallel}>${definition}</bpmn:startEvent>
    <bpmn:task id="inner" />${flow('g: it -> inner')}</bpmn:subProcess>`;
  const host = kind === 'cancel' ? 'transaction' : 'task';
  const boundary = (attributes: string) =>
    `<bpmn:startEvent id="s" /><bpmn:${host} id="host" /><bpmn:boundaryEvent id="it" attachedToRef="host" ${attributes} ${parallel}>${definition}</bpmn:boundaryEvent>
    <bpmn:task id="t" ${kind === 'compensation' ? 'isForCompensation="true"' : ''} /><bpmn:association id="as" sourceRef="it" targetRef="t" />`;
  const out = kind === 'compensation' ? [] : ['f2: it -> t'];
  const catching = `<bpmn:intermediateCatchEvent id="${kind === 'link' ? 'on' : 'it'}" ${parallel}>${definition}</bpmn:intermediateCatchEvent>`;
  switch (position) {
    case 'start':
      return row(`<bpmn:startEvent id="it" ${parallel}>${definition}</bpmn:startEvent><bpmn:task id="t" />`, [
        'f: it -> t',
      ]);
    case 'event subprocess, interrupting':
      return row(event(''), ['f: s -> t']);
    case 'event subprocess, not interrupting':
      return row(event('isInterrupting="false"'), ['f: s -> t']);
    case 'boundary, interrupting':
      return row(boundary(''), ['f: s -> host', ...out]);
    case 'boundary, not interrupting':
      return row(boundary('cancelActivity="false"'), ['f: s -> host', ...out]);
    case 'catch':
    case 'throw': {
      const throwing = `<bpmn:intermediateThrowEvent id="it">${definition}</bpmn:intermediateThrowEvent>`;
      const start = '<bpmn:startEvent id="s" /><bpmn:task id="t" />';
      if (kind === 'link') return row(start + throwing + catching, ['f1: s -> it', 'f2: on -> t']);
      return row(start + (position === 'catch' ? catching : throwing), ['f1: s -> it', 'f2: it -> t']);
    }
    case 'end': {
      const inside = `<bpmn:startEvent id="s" /><bpmn:endEvent id="it">${definition}</bpmn:endEvent>`;
      return kind === 'cancel'
        ? row(`<bpmn:transaction id="sub">${inside}${flow('f: s -> it')}</bpmn:transaction>`, [])
        : row(inside, ['f: s -> it']);
    }
    default:
      throw new Error(`Expected a position of events, not ${position}.`);
  }
}

const cells = rows.flatMap(([kind = '', ...answers]) =>
  answers.map((answer, index) => ({ kind, position: header?.[index + 1] ?? '', answer })),
);

describe('the table of events by position', () => {
  it('names every kind', () => {
    expect(rows.map(([kind]) => kind)).toEqual(Object.keys(definitions));
    expect(cells).toHaveLength(13 * 8);
  });

  it.each(cells.filter(({ answer }) => answer === 'yes'))('is right that $kind runs as $position', async (cell) => {
    const result = await compile(diagram(cell.kind, cell.position));
    expect(result.problems.filter(({ level }) => level === 'error')).toEqual([]);
  });

  const times = [
    'timeDate>2026-02-01T09:00:00Z',
    'timeDuration>P1D',
    'timeCycle>R3/P1D',
    'timeCycle>R/P1D',
    'timeCycle>0 9 * * MON',
  ];
  const timers = cells.filter(({ kind, answer }) => kind === 'timer' && answer === 'yes');
  it.each(timers.flatMap(({ position }) => times.map((time) => ({ position, time }))))(
    'is right about every kind of time: $time as $position',
    async ({ position, time }) => {
      const [property = '', text = ''] = time.split('>');
      const definition = `<bpmn:timerEventDefinition><bpmn:${property}>${text}</bpmn:${property}></bpmn:timerEventDefinition>`;
      expect((await compile(diagram('timer', position, definition))).ok).toBe(true);
    },
  );

  it('leaves out only what the standard does not have', () => {
    expect(new Set(cells.map(({ answer }) => answer))).toEqual(new Set(['yes', '–']));
  });
});
