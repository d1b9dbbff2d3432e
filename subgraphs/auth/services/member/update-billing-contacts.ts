import type { ServiceContext } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { updateBillingContactSoon } from '#kit/update-billing-contact-job.js';

/** Has invoices follow an owner to a new address. Call it after the commit. Never rejects. */
export async function updateBillingContactsOf(
  { services, manager }: ServiceContext,
  { personId }: { personId: string },
): Promise<void> {
  const owned: Membership[] = await manager.findBy(MembershipEntity, { personId, role: 'OWNER' });
  for (const { organizationId } of owned) await updateBillingContactSoon(services, { organizationId });
}
