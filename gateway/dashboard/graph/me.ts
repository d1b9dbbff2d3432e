import { useQuery } from '@tanstack/react-query';
import { GetUser } from '#gateway/client/generated/authentication.js';
import type { GetUserQuery } from '#gateway/client/generated/types.js';
import { ask } from './query.ts';

/** Strongest first; each role has the rights of those after it. */
const ROLES = ['OWNER', 'ADMIN', 'ANALYST', 'VIEWER'] as const;
export type Role = (typeof ROLES)[number];

/** Who is signed in, as `GetUser` answers it. */
export type Me = NonNullable<GetUserQuery['me']>;

/** Returns who is signed in; undefined until it is known. */
export function useMe(): Me | undefined {
  return useQuery(ask(GetUser, {})).data?.data.me ?? undefined;
}

/** Returns whether the user has at least a role: for what is offered. What is allowed the API decides. */
export function useHasRole(role: Role): boolean {
  const own = useMe()?.role;
  return own !== undefined && own !== null && ROLES.indexOf(own) <= ROLES.indexOf(role);
}

/** Returns whether the user manages the subscription: an owner, or a member with that right. Undefined until it is known. */
export function useManagesBilling(): boolean | undefined {
  const me = useMe();
  if (!me) return undefined;
  const own = me.memberships?.find(({ organizationId }) => organizationId === me.organization?.id);
  return me.role === 'OWNER' || (own?.rights.includes('BILLING') ?? false);
}
