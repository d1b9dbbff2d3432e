import type { ServiceContext } from '#auth/context.js';
import { InvalidInput, RateLimited } from '#runtime/errors.js';
import { AddressGuard } from '#runtime/webhooks/address-guard.js';
import { checkWebhookUrl, findUnreachable } from '#runtime/webhooks/check-url.js';

/** Of an organization: each resolves a name that clients choose. */
const CHECKS = { name: 'webhook-url', points: 60, windowSeconds: 60 * 60 };

/** Throws InvalidInput for a URL that webhooks cannot be sent to, and RateLimited after too many in an hour. */
export async function checkEndpointUrl(
  { services }: ServiceContext,
  { organizationId, url }: { organizationId: string; url: string },
): Promise<void> {
  const { isAllowed, resetSeconds } = await services.rateLimits.open(CHECKS).count(organizationId);
  if (!isAllowed) throw new RateLimited('Too many URLs of webhook endpoints were given in an hour.', resetSeconds);
  const guard = new AddressGuard(services.config.webhookNetworks);
  const problem = checkWebhookUrl(url, guard) ?? (await findUnreachable(url, guard));
  if (problem) throw new InvalidInput([{ argument: 'url', problem }]);
}
