import type { HistoryEvent } from '@xflow/schemas';
import type { IconName } from '../components/icons.js';

/** One event of an instance's history, ready to be told. */
export interface Told {
  /** Key of the sentence among the texts, and what goes into it. */
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Element or flow of the diagram that is meant; null for the instance as a whole. */
  readonly elementId: string | null;
  readonly icon: IconName;
  readonly tone: 'plain' | 'good' | 'bad' | 'wait' | 'user';
  /** Mechanics that the short history leaves out. */
  readonly detail: boolean;
}
export interface Speaker {
  /** Name of an element or flow, as the reader knows it from the diagram. */
  readonly nameOf: (elementId: string) => string;
  /** A time, milliseconds since 1970. */
  readonly time: (at: number) => string;
  /** Name of a stage. */
  readonly stage: (stage: string) => string;
}

/** Tells an event in a sentence. Total: an event of a later version is told by its kind. */
export function describeEvent(event: HistoryEvent, speaker: Speaker): Told {
  const elementId = 'elementId' in event ? event.elementId : null;
  const element = elementId === null ? '' : speaker.nameOf(elementId);
  const tell = (
    icon: IconName,
    tone: Told['tone'],
    parameters: Told['parameters'] = {},
    more: { readonly detail?: boolean; readonly key?: string; readonly elementId?: string } = {},
  ): Told => ({
    key: `history.${more.key ?? event.kind}`,
    parameters: { element, ...parameters },
    elementId: more.elementId ?? elementId,
    icon,
    tone,
    detail: more.detail ?? false,
  });

  switch (event.kind) {
    case 'instance-started':
      return tell('play', 'good');
    case 'element-entered':
      return tell('dot', 'plain');
    case 'element-completed':
      return tell('check', 'plain', {}, { detail: true });
    case 'element-cancelled':
      return tell('stop', 'plain');
    case 'flow-taken': {
      const flow = speaker.nameOf(event.flowId);
      const plain = event.why === 'unconditional';
      return tell(
        'flow',
        'plain',
        { flow },
        { key: `flow-taken-${event.why}`, detail: plain, elementId: event.flowId },
      );
    }
    case 'token-merged':
      return tell('flow', 'plain', {}, { detail: true });
    case 'variables-set':
      return tell('variable', 'plain', { variables: listed(event.variables) });
    case 'arm-chosen': {
      const parameters = { experiment: event.experiment, flow: speaker.nameOf(event.flowId) };
      return tell('flow', 'user', parameters, event.holdout ? { key: 'arm-chosen-holdout' } : {});
    }
    case 'user-changed':
      return userChanged(event.change, tell, speaker);
    case 'question-asked':
      return tell('dot', 'plain', { question: event.question }, { detail: true });
    case 'timer-scheduled':
      return tell('clock', 'wait', { time: speaker.time(event.dueAt) });
    case 'timer-fired':
      return tell('clock', 'plain');
    case 'message-awaited':
      return tell('message', 'wait', { message: event.messageName, correlationKey: event.correlationKey });
    case 'message-received':
      return tell('message', 'good');
    case 'signal-awaited':
      return tell('message', 'wait', { signal: event.signalName });
    case 'signal-received':
      return tell('message', 'good');
    case 'signal-thrown':
      return tell('message', 'plain', { signal: event.signalName });
    case 'message-published':
      return tell('message', 'plain', { message: event.messageName, correlationKey: event.correlationKey });
    case 'condition-met':
      return tell('check', 'good');
    case 'escalation-thrown':
      return event.caughtBy === null
        ? tell('forward', 'plain', { code: event.code }, { key: 'escalation-thrown-uncaught' })
        : tell('forward', 'plain', { code: event.code, boundary: speaker.nameOf(event.caughtBy) });
    case 'task-created':
      return event.type === 'user-task'
        ? tell('user', 'wait', {}, { key: 'task-created-user' })
        : tell('task', 'plain', { type: event.type });
    case 'task-completed':
      return tell('task', 'good');
    case 'task-failed':
      return tell('incident', 'bad', { reason: event.reason });
    case 'reach-refused':
      return tell('mail', 'plain', { channel: event.channel, reason: event.reason });
    case 'call-started':
      return tell('workflow', 'wait', { workflow: event.workflowKey });
    case 'call-ended':
      return tell('workflow', 'plain', { outcome: event.outcome });
    case 'error-thrown':
      return event.caughtBy === null
        ? tell('incident', 'bad', { code: event.code }, { key: 'error-thrown-uncaught' })
        : tell('incident', 'plain', { code: event.code, boundary: speaker.nameOf(event.caughtBy) });
    case 'incident-raised':
      return tell('incident', 'bad', { reason: event.reason });
    case 'incident-resolved':
      return tell(
        'check',
        'good',
        {},
        { key: event.action === 'retry' ? 'incident-resolved-retry' : 'incident-resolved' },
      );
    case 'instance-migrated':
      return tell('workflow', 'plain', { version: event.version });
    case 'instance-ended':
      return tell(
        event.outcome === 'completed' ? 'check' : 'stop',
        event.outcome === 'completed' ? 'good' : event.outcome === 'error' ? 'bad' : 'plain',
        {},
        { key: `instance-ended-${event.outcome}` },
      );
    default:
      return unknownEvent(event);
  }
}

type Tell = (
  icon: IconName,
  tone: Told['tone'],
  parameters: Told['parameters'],
  more: { readonly key: string },
) => Told;

function userChanged(change: Readonly<Record<string, unknown>>, tell: Tell, speaker: Speaker): Told {
  const text = (name: string): string => (typeof change[name] === 'string' ? change[name] : '');
  const names = (name: string): string => (Array.isArray(change[name]) ? change[name].join(', ') : '');
  switch (change['kind']) {
    case 'stage':
      return tell('user', 'user', { stage: speaker.stage(text('stage')) }, { key: 'user-stage' });
    case 'tier':
      return tell('star', 'user', { tier: text('tier'), ladder: text('ladder') }, { key: 'user-tier' });
    case 'points':
      return tell('star', 'user', { points: Number(change['add']) }, { key: 'user-points' });
    case 'tag': {
      const added = names('add');
      const removed = names('remove');
      const key = added === '' ? 'user-untagged' : removed === '' ? 'user-tagged' : 'user-retagged';
      return tell('user', 'user', { added, removed }, { key });
    }
    default: {
      const set = change['set'];
      const attributes = typeof set === 'object' && set !== null ? listed(set) : '';
      return tell('user', 'user', { attributes }, { key: 'user-attributes' });
    }
  }
}

function unknownEvent(event: never): Told {
  const { kind } = event as { readonly kind: string };
  return { key: 'history.unknown', parameters: { kind }, elementId: null, icon: 'dot', tone: 'plain', detail: true };
}

/** `amount = 12, tags = ["a","b"]`, each value cut to what is read at a glance. */
function listed(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${shortened(JSON.stringify(value) ?? 'null')}`)
    .join(', ');
}
const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
