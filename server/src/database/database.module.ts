import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { poolConfig, surviveBrokenConnections } from './pool-config.js';
import { RunnerPool } from './runner-pool.js';
import { ServerIdentity, type ServerRole } from './server-identity.js';

/**
 * The database, in three forms over the same tables: TypeORM for the domains, a plain `Pool` (injected by its class) for
 * whoever writes set-based SQL, a `RunnerPool` for the batches. The tables must be there already: see `migrate`.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly pool: Pool,
    private readonly runnerPool: RunnerPool,
  ) {}

  static forRoot(url: string, role: ServerRole): DynamicModule {
    const identity = new ServerIdentity(role);
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
        {
          provide: Pool,
          useFactory: () => surviveBrokenConnections(new Pool({ ...poolConfig(url, identity), max: 8 })),
        },
        { provide: RunnerPool, useFactory: () => surviveBrokenConnections(new RunnerPool(url, identity)) },
      ],
      exports: [Pool, RunnerPool, ServerIdentity],
    };
  }

  /** The last thing of a shutdown: whoever uses the pool ends in an earlier hook. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.runnerPool.end()]);
  }
}
