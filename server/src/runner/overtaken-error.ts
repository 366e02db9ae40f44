import type { PublishedMessage } from './command.js';

/** Somebody else has published a message of the same id since this batch looked: it must run again, and will find it. */
export class OvertakenError extends Error {
  constructor({ id, name }: PublishedMessage) {
    super(`Message "${id}" with the name "${name}" was published by another batch at the same time.`);
    this.name = 'OvertakenError';
  }
}
