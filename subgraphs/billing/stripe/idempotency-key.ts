import { createHash } from 'node:crypto';

/**
 * Returns the idempotency key of a request that creates or changes something at Stripe: the same for the same parts, such as
 * the organization, the command, its input and the version of what it changes. So a second click, and a repetition after a
 * crash, have one effect. Stripe knows keys for 24 hours.
 */
export function stripeKeyOf(...parts: (string | number | boolean | null | undefined)[]): string {
  const text = JSON.stringify(parts.map((part) => part ?? null));
  return `webmetrics-${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
