import type { Context } from '#billing/context.js';
import { StripeEventEntity } from '#billing/entities/stripe-event.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import { ConfigurationError } from '#runtime/errors.js';
import { applySoon } from './apply-soon.js';
import { parseEvent } from './parse-event.js';
import { signingSecrets } from './signing-secrets.js';
import { verifySignature } from './verify-signature.js';

/**
 * Verifies an event of Stripe's and stores it, once by its id: unknown types and customers, too. It is applied later. Throws
 * SignatureInvalid, InvalidInput for what is no event, and ConfigurationError where no secret is known.
 */
export async function receiveEvent(
  context: Pick<Context, 'database' | 'services'>,
  { body, signature }: { body: string; signature: string },
): Promise<true> {
  const { database, services } = context;
  const now = services.now();
  const secrets = canSell(services) ? await signingSecrets(context) : [];
  if (secrets.length === 0) {
    throw new ConfigurationError('Events of Stripe are not accepted here: STRIPE_WEBHOOK_SECRETS is not set.');
  }
  verifySignature({ body, signature, secrets, now });
  const { id, type, customerId, createdAt, isLive } = parseEvent(body);
  const isOfOtherMode = isLive !== (services.config.stripe?.isLive ?? false);
  const ignoredBecause = isOfOtherMode ? `it is of the ${isLive ? 'live' : 'test'} mode` : null;
  const { raw } = await database.manager
    .createQueryBuilder()
    .insert()
    .into(StripeEventEntity)
    .values({
      ...{ id, type, customerId, isLive, createdAt, body, ignoredBecause },
      ...{ receivedAt: now, dueAt: now, settledAt: isOfOtherMode ? now : null },
      state: isOfOtherMode ? 'IGNORED' : 'RECEIVED',
    })
    .orIgnore()
    .returning('id')
    .execute();
  if ((raw as unknown[]).length === 0) return true;
  if (isOfOtherMode) {
    services.logger.warn({ eventId: id, type }, `An event of Stripe was ignored: ${ignoredBecause}`);
    return true;
  }
  applySoon(services);
  return true;
}
