import { readFileSync } from 'node:fs';
import type { HistoryEvent } from '@xflow/schemas';
import { describeEvent, type Speaker } from './describe-event.js';

const speaker: Speaker = {
  nameOf: (id) => `name of ${id}`,
  time: (at) => new Date(at).toISOString(),
  stage: (stage) => stage.toUpperCase(),
};
const place = { elementId: 'A', tokenId: 't1' };
const examples: readonly HistoryEvent[] = [
  { kind: 'instance-started', variables: {} },
  { kind: 'element-entered', ...place },
  { kind: 'element-completed', ...place },
  { kind: 'element-cancelled', ...place },
  ...(['unconditional', 'condition', 'default', 'arm', 'chosen', 'event'] as const).map((why): HistoryEvent => ({
    kind: 'flow-taken',
    flowId: 'F',
    why,
  })),
  { kind: 'token-merged', ...place },
  { kind: 'variables-set', elementId: 'A', scopeId: 's', variables: { amount: 12 } },
  { kind: 'arm-chosen', elementId: 'A', experiment: 'x', flowId: 'F', holdout: false },
  { kind: 'arm-chosen', elementId: 'A', experiment: 'x', flowId: 'F', holdout: true },
  ...[
    { kind: 'stage', stage: 'Revenue' },
    { kind: 'tier', ladder: 'loyalty', tier: 'gold' },
    { kind: 'points', add: 10 },
    { kind: 'tag', add: ['vip'] },
    { kind: 'tag', remove: ['vip'] },
    { kind: 'tag', add: ['a'], remove: ['b'] },
    { kind: 'attributes', set: { city: 'York' } },
  ].map((change): HistoryEvent => ({ kind: 'user-changed', elementId: 'A', change, reason: 'Because.' })),
  { kind: 'question-asked', elementId: 'A', questionId: 'q', question: 'segment-check' },
  { kind: 'timer-scheduled', elementId: 'A', timerId: 't', dueAt: 0 },
  { kind: 'timer-fired', elementId: 'A', timerId: 't' },
  { kind: 'message-awaited', elementId: 'A', subscriptionId: 's', messageName: 'paid', correlationKey: 'u1' },
  { kind: 'message-received', elementId: 'A', subscriptionId: 's' },
  { kind: 'signal-awaited', elementId: 'A', subscriptionId: 's', signalName: 'sale' },
  { kind: 'signal-received', elementId: 'A', subscriptionId: 's' },
  { kind: 'signal-thrown', elementId: 'A', signalName: 'sale' },
  { kind: 'message-published', elementId: 'A', messageName: 'paid', correlationKey: 'u1' },
  { kind: 'condition-met', elementId: 'A' },
  { kind: 'escalation-thrown', elementId: 'A', code: 'E1', caughtBy: 'B' },
  { kind: 'escalation-thrown', elementId: 'A', code: 'E1', caughtBy: null },
  { kind: 'task-created', elementId: 'A', taskId: 'k', type: 'send-email' },
  { kind: 'task-created', elementId: 'A', taskId: 'k', type: 'user-task' },
  { kind: 'task-completed', elementId: 'A', taskId: 'k' },
  { kind: 'task-failed', elementId: 'A', taskId: 'k', reason: 'Refused.' },
  { kind: 'reach-refused', elementId: 'A', channel: 'email', reason: 'Twice this week already.' },
  { kind: 'call-started', elementId: 'A', callId: 'c', workflowKey: 'other' },
  { kind: 'call-ended', elementId: 'A', callId: 'c', outcome: 'completed' },
  { kind: 'error-thrown', elementId: 'A', code: 'E1', caughtBy: 'B' },
  { kind: 'error-thrown', elementId: 'A', code: 'E1', caughtBy: null },
  { kind: 'incident-raised', elementId: 'A', incidentId: 'i', type: 'task-failed', reason: 'Refused.' },
  { kind: 'incident-resolved', elementId: 'A', incidentId: 'i', action: 'retry' },
  { kind: 'incident-resolved', elementId: 'A', incidentId: 'i', action: 'take-flow' },
  { kind: 'instance-migrated', version: 2, elements: [] },
  ...(['completed', 'terminated', 'cancelled', 'error'] as const).map((outcome): HistoryEvent => ({
    kind: 'instance-ended',
    outcome,
  })),
];
const english = JSON.parse(readFileSync(new URL('../locales/en.json', import.meta.url), 'utf8')) as {
  readonly history: Readonly<Record<string, string>>;
};
function sentence(event: HistoryEvent): string {
  const { key, parameters } = describeEvent(event, speaker);
  const text = english.history[key.replace('history.', '')] ?? `no text ${key}`;
  return text.replace(/{(\w+)}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/events/history-event.json', import.meta.url), 'utf8'),
) as {
  readonly $defs: Readonly<Record<string, { readonly properties: { readonly kind: { readonly const: string } } }>>;
};
const kinds = Object.values(schema.$defs).map(({ properties }) => properties.kind.const);

describe('describeEvent', () => {
  it.each(kinds)('has a sentence for events of kind %s', (kind) => {
    const told = examples.filter((event) => event.kind === kind).map((event) => describeEvent(event, speaker).key);
    expect(told).not.toEqual([]);
    expect(told).not.toContain('history.unknown');
  });

  it.each(examples)('tells %j in a whole sentence', (event) => {
    expect(sentence(event)).toMatch(/^[^{}]*[.]$/);
  });

  it('names the element as the diagram does, and points at it', () => {
    expect(sentence({ kind: 'element-entered', ...place })).toBe('Reached “name of A”.');
    expect(describeEvent({ kind: 'element-entered', ...place }, speaker).elementId).toBe('A');
  });

  it('points at the flow that was taken', () => {
    const event: HistoryEvent = { kind: 'flow-taken', flowId: 'F', why: 'condition' };
    expect(describeEvent(event, speaker)).toMatchObject({ elementId: 'F', detail: false });
  });

  it('leaves mechanics to the full history', () => {
    const shortHistory = examples.filter((event) => !describeEvent(event, speaker).detail).map(({ kind }) => kind);
    expect(shortHistory).not.toContain('question-asked');
    expect(shortHistory).not.toContain('element-completed');
    expect(shortHistory).toContain('incident-raised');
  });

  it('shortens large values', () => {
    const variables = { text: 'x'.repeat(500) };
    expect(sentence({ kind: 'variables-set', elementId: 'A', scopeId: 's', variables }).length).toBeLessThan(120);
  });

  it('tells an event of a later version by its kind', () => {
    const event = { kind: 'weather-changed' } as unknown as HistoryEvent;
    expect(sentence(event)).toBe('Event weather-changed.');
  });
});
