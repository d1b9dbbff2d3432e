import { MoreThan } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';

/** Counts what the limit MEMBERS bounds: members, and invitations that can be accepted. */
export async function countMembers(
  { manager, services }: Pick<ServiceContext, 'manager' | 'services'>,
  { organizationId }: { organizationId: string },
): Promise<number> {
  const open = { organizationId, expiresAt: MoreThan(services.now()) };
  return (
    (await manager.countBy(MembershipEntity, { organizationId })) + (await manager.countBy(InvitationEntity, open))
  );
}
