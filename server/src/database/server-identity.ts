import { randomUUID } from 'node:crypto';

/**
 * What a server process is there for. `api` answers HTTP requests, and takes the steps that they ask for; `runner` takes the steps that fall due
 * (timers, inboxes), reads the event stream and removes what is old; `worker` has jobs done. `all` does everything.
 */
export const serverRoles = ['all', 'api', 'runner', 'worker'] as const;
export type ServerRole = (typeof serverRoles)[number];

/** Who this server process is: owner of leases, and (with a prefix) the name of its database connections; and what it is there for. */
export class ServerIdentity {
  readonly id: string = randomUUID();

  constructor(readonly role: ServerRole = 'all') {}

  /** Whether this process does what servers of that role are there for. */
  is(role: Exclude<ServerRole, 'all'>): boolean {
    return this.role === 'all' || this.role === role;
  }

  /** As pg_stat_activity shows it. */
  get applicationName(): string {
    return ServerIdentity.prefix + this.id;
  }

  static readonly prefix = 'xflow:';
}
