import type { ServiceContext } from '#auth/context.js';
import { RateLimited } from '#runtime/errors.js';

/** Of an organization. A key could push out other audit events by changes; those of a URL resolve a name that clients choose. */
const CHANGES = { name: 'webhook-change', points: 120, windowSeconds: 60 * 60 };

/** Counts a change of webhook endpoints. Throws RateLimited after too many in an hour. */
export async function limitChanges(
  { services }: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const { isAllowed, resetSeconds } = await services.rateLimits.open(CHANGES).count(organizationId);
  if (!isAllowed) throw new RateLimited('There were too many changes of webhook endpoints in an hour.', resetSeconds);
}
