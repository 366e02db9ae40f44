import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { InstanceChange, WorkflowChange } from '@xflow/schemas';
import { Pool } from 'pg';
import { distinctUntilChanged, filter, finalize, map, Observable, Subject, takeUntil, throttleTime } from 'rxjs';
import { NotFoundError, UnavailableError } from '../http-problems/problem-error.js';
import { isUuid } from '../instances/is-uuid.js';
import { Runner } from '../runner/runner.js';
import { findInstanceChanges } from './sql/find-instance-changes.js';

/** Milliseconds between two looks, and between two notices of a workflow: a person sees no more. */
const pace = 250;
/** Streams that one process serves at a time. */
const mostStreams = 1_000;

interface Watched {
  readonly changes: Subject<InstanceChange>;
  readers: number;
}

/**
 * What the console sees while it happens. Whoever commits a batch, this process or another, says which workflows it moved; the instances that
 * somebody watches are then looked at, all with one statement. Nobody polls, and what nobody watches costs nothing.
 */
@Injectable()
export class LiveView implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveView.name);
  private readonly moved = new Subject<readonly string[] | null>();
  private readonly stopped = new Subject<void>();
  private readonly watched = new Map<string, Watched>();
  private streams = 0;
  private stopping = false;

  constructor(
    private readonly pool: Pool,
    private readonly runner: Runner,
  ) {}

  onModuleInit(): void {
    this.runner.listen({ moved: (workflows) => this.moved.next(workflows) });
    this.moved
      .pipe(
        filter(() => this.watched.size > 0),
        throttleTime(pace, undefined, { leading: true, trailing: true }),
        takeUntil(this.stopped),
      )
      .subscribe(() => {
        void this.look([...this.watched.keys()], (change) => this.watched.get(change.id)?.changes.next(change));
      });
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
    this.stopped.next();
    this.stopped.complete();
  }

  /**
   * The instance as it is now, and again whenever it has moved; ends with the instance.
   * @throws NotFoundError where there is none.
   */
  async instance(id: string): Promise<Observable<InstanceChange>> {
    const [first] = isUuid(id) ? await findInstanceChanges(this.pool, [id]) : [];
    if (!first) throw new NotFoundError(`There is no instance "${id}". Correct the id.`);
    return this.stream(
      new Observable<InstanceChange>((reader) => {
        const watched = this.watched.get(id) ?? { changes: new Subject(), readers: 0 };
        this.watched.set(id, watched);
        watched.readers += 1;
        const tell = (change: InstanceChange): void => {
          reader.next(change);
          if (change.status !== 'active') reader.complete();
        };
        const subscription = watched.changes.subscribe(tell);
        // What has happened since `first` was read.
        void this.look([id], tell);
        return () => {
          subscription.unsubscribe();
          watched.readers -= 1;
          if (watched.readers === 0) this.watched.delete(id);
        };
      }).pipe(distinctUntilChanged((before, after) => isDeepStrictEqual(before, after))),
    );
  }

  /** A notice whenever instances of the workflow have moved, at most four a second. */
  workflow(key: string): Observable<WorkflowChange> {
    return this.stream(
      this.moved.pipe(
        filter((workflows) => workflows === null || workflows.includes(key)),
        throttleTime(pace, undefined, { leading: true, trailing: true }),
        map(() => ({ key })),
      ),
    );
  }

  private stream<T>(source: Observable<T>): Observable<T> {
    // One that came while the server was stopping would keep it from it.
    if (this.stopping) throw new UnavailableError('The server is stopping. Ask again in a moment.');
    if (this.streams >= mostStreams)
      throw new UnavailableError(
        `This server has ${mostStreams} live streams open already. Close some, or ask another server.`,
      );
    this.streams += 1;
    return source.pipe(
      takeUntil(this.stopped),
      finalize(() => (this.streams -= 1)),
    );
  }

  private async look(ids: readonly string[], tell: (change: InstanceChange) => void): Promise<void> {
    try {
      (await findInstanceChanges(this.pool, ids)).forEach(tell);
    } catch (error) {
      // The next movement makes it look again.
      this.logger.warn(`Watched instances cannot be looked at: ${String(error)}`);
    }
  }
}
