import { Duration } from 'luxon';

/** How long data is kept, by kind, in milliseconds; null: for ever. */
export interface RetentionPeriods {
  /** Ended instances with their histories and incidents, from their end. */
  readonly instances: number | null;
  /** Events of users, from their time. */
  readonly events: number | null;
}

const variables = { instances: 'XFLOW_RETAIN_INSTANCES', events: 'XFLOW_RETAIN_EVENTS' } as const;

/** A shorter period would remove what somebody is just looking at. */
const least = Duration.fromISO('PT1H').toMillis();

/** @throws an Error that names every variable that is no period. */
export function readRetentionPeriods(environment: Readonly<Record<string, string | undefined>>): RetentionPeriods {
  const wrong: string[] = [];
  const read = (name: string): number | null => {
    const text = environment[name];
    if (text === undefined || text === '') return null;
    const period = Duration.fromISO(text).toMillis();
    if (Number.isFinite(period) && period >= least) return period;
    wrong.push(`${name} is "${text}", which is no period of an hour or more.`);
    return null;
  };
  const periods = { instances: read(variables.instances), events: read(variables.events) };
  if (wrong.length > 0) throw new Error(`${wrong.join(' ')} Write periods as ISO 8601 has them: P400D, P2Y.`);
  return periods;
}
