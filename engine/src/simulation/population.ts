import { invariant } from '../invariant.js';
import type { Variables } from '../json.js';
import type { ProfileAnswer, ReachAnswer } from '../question.js';
import type { UserChange } from '../user-change.js';
import { SimulationError } from './simulation-error.js';

/** One user at the beginning of a simulation. */
export interface SimulatedUser {
  readonly id: string;
  readonly attributes?: Variables;
  readonly tags?: readonly string[];
  readonly stage?: string | null;
  readonly tier?: string | null;
  readonly points?: number;
  /** Names of the segments that the user is in. */
  readonly segments?: readonly string[];
}

/** One user as the simulation has changed them. */
export interface SimulatedUserState extends ProfileAnswer {
  readonly segments: readonly string[];
}

/** The users of a simulation. A subject that is none of them (an instance started by a timer) has an empty profile. */
export class Population {
  private readonly users = new Map<string, SimulatedUserState>();
  private readonly reachedAt = new Map<string, number[]>();

  constructor(users: readonly SimulatedUser[]) {
    for (const user of users) {
      if (this.users.has(user.id)) throw new SimulationError(`User "${user.id}" is there twice. Name each user once.`);
      this.users.set(user.id, { ...newUser(user.id), ...user });
    }
  }

  has(id: string): boolean {
    return this.users.has(id);
  }

  get(id: string): SimulatedUserState {
    return this.users.get(id) ?? newUser(id);
  }

  profile(id: string): ProfileAnswer {
    const { attributes, tags, stage, tier, points } = this.get(id);
    return { id, attributes, tags, stage, tier, points };
  }

  isIn(id: string, segment: string): boolean {
    return this.get(id).segments.includes(segment);
  }

  /** Whether it changed anything. */
  apply(id: string, change: UserChange): boolean {
    return this.set(id, changed(this.get(id), change));
  }

  /** Sets what is given; attributes are added to those that are there. Whether it changed anything. */
  update(id: string, { attributes, ...others }: Omit<SimulatedUser, 'id'>): boolean {
    const merged = attributes === undefined ? {} : { attributes: { ...this.get(id).attributes, ...attributes } };
    return this.set(id, { ...others, ...merged });
  }

  private set(id: string, change: Partial<SimulatedUserState>): boolean {
    const before = this.get(id);
    const after = { ...before, ...change };
    this.users.set(id, after);
    return JSON.stringify(after) !== JSON.stringify(before);
  }

  /** Grants and counts a reach, or says why not. */
  reach(id: string, at: number, { max, window }: { readonly max: number; readonly window: number }): ReachAnswer {
    const reached = this.reachedAt.get(id) ?? [];
    const within = reached.filter((time) => time > at - window).length;
    if (within >= max)
      return {
        allowed: false,
        reason: `User "${id}" has had ${within} messages within the window of the frequency cap.`,
      };
    this.reachedAt.set(id, [...reached, at]);
    return { allowed: true };
  }
}

function newUser(id: string): SimulatedUserState {
  return { id, attributes: {}, tags: [], stage: null, tier: null, points: 0, segments: [] };
}

function changed(user: SimulatedUserState, change: UserChange): Partial<SimulatedUserState> {
  switch (change.kind) {
    case 'stage':
      return { stage: change.stage };
    case 'tier':
      return { tier: change.tier };
    case 'points':
      return { points: user.points + change.add };
    case 'tag': {
      const kept = user.tags.filter((tag) => !change.remove?.includes(tag));
      return { tags: [...new Set([...kept, ...(change.add ?? [])])] };
    }
    case 'attributes':
      return { attributes: { ...user.attributes, ...change.set } };
    default:
      invariant(false, `Expected a known change of the user, not ${JSON.stringify(change)}.`);
  }
}
