import type { EntityManager } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import type { Surplus } from '#runtime/entitlements/find-surplus.js';
import { surplusOf } from '#runtime/entitlements/find-surplus.js';
import { limitOf } from '#runtime/entitlements/plans.js';
import { limitReached } from '#runtime/entitlements/require-within-limit.js';
import type { Services } from '#runtime/services.js';

/**
 * Returns the members that are more than the organization's plan allows, who can only read: the newest, unless an owner has chosen
 * others. One owner never is. Reads none where the caller knows that there are no more `members` than that.
 */
export async function surplusMembers(
  { manager, services }: { manager: EntityManager; services: Services },
  { organizationId, members: count }: { organizationId: string; members?: number },
): Promise<Surplus> {
  const { planId, kept } = await services.entitlements.of(organizationId);
  const allowed = limitOf(planId, 'MEMBERS');
  const order = { createdAt: 'ASC', personId: 'ASC' } as const;
  const mayExceed = allowed !== null && (count === undefined || count > allowed);
  const members = mayExceed ? await manager.find(MembershipEntity, { where: { organizationId }, order }) : [];
  const ids = members.map(({ personId }) => personId);
  const owners = members.filter(({ role }) => role === 'OWNER').map(({ personId }) => personId);
  const surplus = surplusOf(ids, allowed, kept.MEMBERS);
  const refusal = () => limitReached(planId, { limit: 'MEMBERS', used: count ?? ids.length });
  const [owner] = owners;
  if (owner === undefined || owners.some((id) => !surplus.has(id))) return { ids: surplus, refusal };
  const ownerFirst = [owner, ...ids.filter((id) => id !== owner)];
  const others = surplusOf(ownerFirst, allowed, [owner, ...(kept.MEMBERS ?? [])]);
  others.delete(owner);
  return { ids: others, refusal };
}
