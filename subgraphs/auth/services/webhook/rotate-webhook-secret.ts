import { z } from 'zod';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Unauthenticated } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { getWebhookEndpoint, rotateWebhookSecret as rotate, type WebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import { limitChanges } from './limit-changes.js';

const HOUR_MS = 60 * 60 * 1000;
const MAX_OVERLAP_HOURS = 168;

const input = z.object({
  overlapHours: z.int().min(0, 'must be at least 0').max(MAX_OVERLAP_HOURS, `must be at most ${MAX_OVERLAP_HOURS}`),
});

/** Gives an endpoint a new secret and returns it; the one before signs for the overlap, too. Throws NotFound, InvalidInput. */
export async function rotateWebhookSecret(
  context: ServiceContext,
  { endpointId: id, ...given }: z.input<typeof input> & { endpointId: string },
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const { services, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { overlapHours } = parseInput(input, given);
  await getWebhookEndpoint(context.manager, { organizationId, id });
  await limitChanges(context, { organizationId });
  const overlapEndsAt = new Date(services.now().getTime() + overlapHours * HOUR_MS);
  return inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const rotated = await rotate({ manager, sealer: services.sealer }, { organizationId, id }, { overlapEndsAt });
    await audit(transaction, {
      organizationId,
      action: 'webhook.secret-rotated',
      target: { type: 'WebhookEndpoint', id },
      after: { previousSecretUntil: overlapEndsAt.toISOString() },
    });
    return rotated;
  });
}
