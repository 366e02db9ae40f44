import { Cron } from 'croner';
import { IANAZone } from 'luxon';
import type { Reading } from '../expressions/reading.js';
import { parseDateTime } from './iso-8601.js';
import { isoInstant } from './iso-instant.js';

const maxLength = 200;
/** Five to seven fields, or a name such as `@daily`; then `@` and a zone, where it is not UTC. `?` would stand for the present time. */
const form = /^(@[a-z]+|[\d*/,\-A-Za-z#]+(?: +[\d*/,\-A-Za-z#+]+){4,6})(?: +@([A-Za-z]+(?:[/_+-]?\w+)*))?$/;

/** When a cron pattern is due next, strictly after an instant: both in milliseconds since 1970; null: never again. */
export type CronTimes = (after: number) => number | null;

/** Compiles a cron pattern (`0 9 * * MON-FRI`, `0 30 8 1 * *`, `@daily`, `0 9 * * * @Europe/Paris`). The outcome depends on the instant and the zone alone. */
export function compileCron(text: string): Reading<CronTimes> {
  const wrong = (reason: string): Reading<CronTimes> => ({
    ok: false,
    reason,
    remedy: 'Write minute, hour, day, month and weekday, as in 0 9 * * MON-FRI, or a repeating interval such as R/P1D.',
  });
  const match = text.length > maxLength ? null : form.exec(text);
  if (!match) return wrong(`"${text.slice(0, maxLength)}" is no cron pattern.`);
  const [, pattern = '', zone = 'UTC'] = match;
  if (!IANAZone.isValidZone(zone))
    return wrong(`The cron pattern "${text}" names the zone ${zone}, which does not exist.`);
  let cron: Cron;
  try {
    cron = new Cron(pattern, { timezone: zone });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return wrong(`"${text}" is no cron pattern: ${reason}.`);
  }
  const next: CronTimes = (after) => {
    const due = cron.nextRun(isoInstant(after))?.toISOString();
    return due === undefined ? null : parseDateTime(due);
  };
  return next(0) === null ? wrong(`The cron pattern "${text}" is never due.`) : { ok: true, value: next };
}
