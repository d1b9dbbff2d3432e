import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { lacksTwoFactor } from '#auth/services/two-factor/has-two-factor.js';
import { AppError, Forbidden } from '#runtime/errors.js';
import type { Identity, Role } from '#runtime/identity/identity.js';

/**
 * Checks a member's password and second factor without beginning a session, and returns their current role. Throws as a
 * sign-in does, and Forbidden for a user who is no longer a member.
 */
export async function confirmMember(
  context: ServiceContext,
  given: { userId: string; organizationId: string; password: string; code?: string | null },
): Promise<{ role: Role }> {
  const { userId, organizationId, password, code } = given;
  const identity: Identity = { ...context.identity, kind: 'user', userId, organizationId };
  const own = { ...context, identity };
  await confirmCaller(own, { password, code });
  const membership = await context.manager.findOneBy(MembershipEntity, { personId: userId, organizationId });
  if (!membership) throw new Forbidden('You do not belong to this organization any more.');
  if (await lacksTwoFactor(context, { personId: userId, organizationId })) {
    throw new AppError('Your organization demands two-factor sign-in: set it up first.', 'TWO_FACTOR_SETUP_REQUIRED');
  }
  return { role: membership.role };
}
