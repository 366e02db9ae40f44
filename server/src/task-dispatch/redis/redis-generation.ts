import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * Tells whether Redis still is the one that the jobs were put into: a key beside the jobs is gone when it was flushed or replaced, and whoever sees
 * that first begins another generation.
 */
export class RedisGeneration {
  /** Null: none was agreed on yet. */
  current: string | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {}

  /**
   * Agrees with the other servers on the generation.
   * @param begin called when it is another than before, which it is only once this has succeeded
   */
  async agree(begin: (generation: string) => Promise<void>): Promise<void> {
    // Sent together, and answered in this order.
    const [, generation] = await Promise.all([this.redis.set(this.key, randomUUID(), 'NX'), this.redis.get(this.key)]);
    if (generation === null || generation === this.current) return;
    await begin(generation);
    this.current = generation;
  }

  async isGone(): Promise<boolean> {
    return (await this.redis.get(this.key)) !== this.current;
  }
}
