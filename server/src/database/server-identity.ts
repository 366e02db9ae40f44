import { randomUUID } from 'node:crypto';

/** Who this server process is: owner of leases, and (with a prefix) the name of its database connections. */
export class ServerIdentity {
  readonly id: string = randomUUID();

  /** As pg_stat_activity shows it. */
  get applicationName(): string {
    return ServerIdentity.prefix + this.id;
  }

  static readonly prefix = 'xflow:';
}
