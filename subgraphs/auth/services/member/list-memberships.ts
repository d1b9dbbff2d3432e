import type { ServiceContext } from '#auth/context.js';
import type { MemberRight, Role } from '#runtime/identity/identity.js';

/** A person's membership with the name of the organization. */
export interface OwnMembership {
  organizationId: string;
  organizationName: string;
  role: Role;
  rights: MemberRight[];
  isLimited: boolean;
  joinedAt: Date;
}

/** Returns the memberships of a person, the oldest first. */
export function listMemberships(
  { manager }: ServiceContext,
  { personId }: { personId: string },
): Promise<OwnMembership[]> {
  return manager.query<OwnMembership[]>(
    `SELECT o.id AS "organizationId", o.name AS "organizationName", m.role, m.rights, m.client_ids IS NOT NULL AS "isLimited",
       m.created_at AS "joinedAt"
     FROM auth.membership AS m JOIN auth.organization AS o ON o.id = m.organization_id
     WHERE m.person_id = $1 ORDER BY m.created_at, o.id`,
    [personId],
  );
}
