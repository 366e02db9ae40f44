import type { PublishedMessage } from './command.js';
import type { LiveInstance } from './live-instance.js';

/**
 * The subscription by which the instance came to wait for the message in this batch, last; null: by none. Of many messages that found one subscription, each but
 * the first comes too late for it; an instance that loops waits for the next one by then, and takes it in the same step. Published
 * anew, all of them would find the next subscription, and all but one come too late again, once for each.
 */
export function waitsAgainBy(instance: LiveInstance, message: PublishedMessage): string | null {
  const opened = instance.effects.findLast(
    (effect) =>
      effect.kind === 'open-subscription' &&
      effect.event === 'message' &&
      effect.messageName === message.name &&
      effect.correlationKey === message.correlationKey,
  );
  return opened?.kind === 'open-subscription' ? opened.subscriptionId : null;
}
