import { readFileSync } from 'node:fs';
import { mainWaiting, waitingText } from './waiting-text.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const time = (at: number): string => new Date(at).toISOString();

describe('waitingText', () => {
  it('tells the time of a timer, given as RFC 3339 or as milliseconds', () => {
    const expected = { key: 'waiting.timer', parameters: { detail: '2026-01-05T09:00:00.000Z' } };
    expect(waitingText({ kind: 'timer', detail: '2026-01-05T09:00:00Z' }, time)).toEqual(expected);
    expect(waitingText({ kind: 'timer', detail: '1767603600000' }, time)).toEqual(expected);
  });

  it('says only that it waits where the time is not known', () => {
    expect(waitingText({ kind: 'timer' }, time).key).toBe('waiting.timer-unknown');
  });

  it('has a text for everything the server can name', () => {
    const schema = JSON.parse(read('../../../schemas/api/instance-status.json')) as {
      readonly $defs: { readonly InstanceToken: { readonly properties: Readonly<Record<string, object>> } };
    };
    const kinds = /"kind":.*?"enum":(\[.*?\])/.exec(JSON.stringify(schema.$defs.InstanceToken))?.[1];
    const texts = (JSON.parse(read('../locales/en.json')) as { readonly waiting: object }).waiting;
    expect(Object.keys(texts)).toEqual(expect.arrayContaining(JSON.parse(kinds ?? '') as string[]));
  });

  it('tells what else is waited for', () => {
    expect(waitingText({ kind: 'message', detail: 'paid' }, time)).toEqual({
      key: 'waiting.message',
      parameters: { detail: 'paid' },
    });
  });
});

describe('mainWaiting', () => {
  const soon = { kind: 'timer', detail: '2026-01-05T09:00:00Z' } as const;
  const late = { kind: 'timer', detail: '2026-02-05T09:00:00Z' } as const;

  it('tells the decision rather than its deadlines', () => {
    expect(mainWaiting([soon, late, { kind: 'user-task' }])).toEqual([{ kind: 'user-task' }]);
  });

  it('tells the next of several timers', () => {
    expect(mainWaiting([late, soon])).toEqual([soon]);
    expect(mainWaiting([])).toEqual([]);
  });
});
