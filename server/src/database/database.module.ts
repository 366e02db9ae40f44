import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Pool, types } from 'pg';
import { ServerIdentity } from './server-identity.js';

/** PostgreSQL's type number of bigint. Ours count revisions, and stay far below 2^53. */
const bigintType = 20;

/**
 * The database, in two forms over the same tables: TypeORM for the domains, a plain `Pool` (injected by its class) for
 * the runner and for whoever writes set-based SQL. The tables must be there already: see `migrate`.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly pool: Pool) {}

  static forRoot(url: string): DynamicModule {
    const identity = new ServerIdentity();
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url,
          applicationName: identity.applicationName,
          poolSize: 4,
          autoLoadEntities: true,
          retryAttempts: 0,
        }),
      ],
      providers: [
        { provide: ServerIdentity, useValue: identity },
        { provide: Pool, useFactory: () => createPool(url, identity) },
      ],
      exports: [Pool, ServerIdentity],
    };
  }

  /** The last thing of a shutdown: whoever uses the pool ends in an earlier hook. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

function createPool(url: string, identity: ServerIdentity): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: identity.applicationName,
    max: 8,
    types: {
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === bigintType ? Number : (types.getTypeParser(id, format ?? 'text') as (text: string) => unknown),
    } as typeof types,
  });
  // A connection that breaks fails the statement under way, and is replaced at the next use. Without listeners, one that breaks
  // between two statements would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
