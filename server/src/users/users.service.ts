import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Json } from '@xflow/engine';
import type {
  BulkResult,
  LifecycleTransitionRequest,
  PutUserRequest,
  User,
  UserHistory,
  UserLifecycle,
  UserPage,
} from '@xflow/schemas';
import { Pool } from 'pg';
import { MoreThan, Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { InvalidRequestError, NotFoundError } from '../http-problems/problem-error.js';
import { readBulk } from '../ndjson/read-bulk.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { Runner } from '../runner/runner.js';
import { moveToStage } from './move-to-stage.js';
import { readUserHistory } from './user-history.js';
import { readTransitions } from './user-lifecycle.js';
import { UserProfileEntity } from './user-profile.entity.js';
import { maxAttributesBytes, userRow, type UserUpdate } from './user-row.js';
import { writeUsers } from './write-users.js';

interface Page {
  readonly cursor?: string;
  readonly limit: number;
}

/** Who the journeys are about. */
@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(UserProfileEntity) private readonly profiles: Repository<UserProfileEntity>,
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
  ) {}

  /** @throws NotFoundError */
  async get(id: string): Promise<User> {
    const profile = await this.profiles.findOneBy({ id });
    if (profile === null) throw unknownUser(id);
    return toUser(profile);
  }

  async list({ cursor, limit }: Page): Promise<UserPage> {
    const after = cursor === undefined ? '' : (decodeCursor(cursor, ['string'])[0] as string);
    const found = await this.profiles.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
    const { rows, nextCursor } = pageOf(found, limit, (profile) => [profile.id]);
    return { items: rows.map(toUser), nextCursor };
  }

  /** Creates the user, or sets what is given. */
  async put(id: string, request: PutUserRequest): Promise<User> {
    if (id.length > 200) {
      throw new InvalidRequestError([
        { field: '$.id', message: 'The id of the user is longer than 200 characters.', remedy: 'Use a shorter id.' },
      ]);
    }
    const { attributes, tags, tier } = request;
    if (attributes !== undefined && JSON.stringify(attributes).length > maxAttributesBytes) {
      throw new InvalidRequestError([
        {
          field: '$.attributes',
          message: 'The attributes are larger than 64 KB.',
          remedy: 'Keep less about one user.',
        },
      ]);
    }
    const update = {
      userId: id,
      ...(attributes === undefined ? {} : { attributes: attributes as Readonly<Record<string, Json>> }),
      ...(tags === undefined ? {} : { tags }),
      ...(tier === undefined ? {} : { tier }),
    };
    await this.write([update], 'Set over the API.');
    return this.get(id);
  }

  /** Creates and updates users from NDJSON: `{ id, attributes?, tags? }` a line. */
  putBulk(body: unknown, contentLength: string | undefined): Promise<BulkResult> {
    return readBulk(body, contentLength, {
      parse: userRow,
      concurrentWrites: 1,
      write: async (updates) => {
        await this.write(updates, 'Set over the API, in bulk.');
        return 0;
      },
    });
  }

  private async write(updates: readonly UserUpdate[], reason: string): Promise<void> {
    if (await writeUsers(this.pool, updates, this.clock.now(), reason)) this.runner.lookAgain();
  }

  async lifecycle(id: string): Promise<UserLifecycle> {
    const { stage, tier, points } = await this.get(id);
    return { userId: id, stage, tier, points, transitions: await readTransitions(this.pool, id) };
  }

  /** Moves a user to a stage; a user who is there already stays, and nothing is recorded. */
  async transition(id: string, { stage, reason }: LifecycleTransitionRequest): Promise<UserLifecycle> {
    const moved = await moveToStage(this.pool, {
      userId: id,
      stage,
      reason: reason ?? 'Moved over the API.',
      at: this.clock.now(),
    });
    if (moved === null) throw unknownUser(id);
    if (moved) this.runner.lookAgain();
    return this.lifecycle(id);
  }

  async history(id: string, page: Page): Promise<UserHistory> {
    await this.get(id);
    return readUserHistory(this.pool, id, page);
  }
}

function unknownUser(id: string): NotFoundError {
  return new NotFoundError(
    `There is no user "${id}". Create the user with PUT /api/users/{id}, or import users in bulk.`,
  );
}

function toUser(profile: UserProfileEntity): User {
  return { ...profile, createdAt: profile.createdAt.toISOString(), updatedAt: profile.updatedAt.toISOString() };
}
