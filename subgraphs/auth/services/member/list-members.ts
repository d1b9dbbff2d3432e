import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import type { Member } from '#auth/loaders.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { MemberRight, Role } from '#runtime/identity/identity.js';

export interface MemberRow {
  user: Member;
  role: Role;
  rights: MemberRight[];
  /** The clients they are limited to; null = not limited. */
  clientIds: string[] | null;
  joinedAt: Date;
  lastSeenAt: Date | null;
}

interface Row extends Omit<Member, 'role'> {
  role: Role;
  rights: MemberRight[];
  clientIds: string[] | null;
  joinedAt: Date;
  lastSeenAt: Date | null;
}

// Compared in milliseconds, the precision of cursors.
const JOINED_AT = "date_trunc('milliseconds', m.created_at)";
const SELECT = `
  SELECT p.id, p.name, p.email, p.email_verified_at AS "emailVerifiedAt",
    p.created_at AS "createdAt", m.role, m.rights, m.client_ids AS "clientIds", ${JOINED_AT} AS "joinedAt",
    (SELECT max(s.last_seen_at) FROM auth.session AS s
     WHERE s.organization_id = m.organization_id AND s.person_id = m.person_id AND s.revoked_at IS NULL) AS "lastSeenAt"
  FROM auth.membership AS m JOIN auth.person AS p ON p.id = m.person_id
  WHERE m.organization_id = $1`;

function memberOf({ joinedAt, lastSeenAt, rights, clientIds, ...person }: Row): MemberRow {
  // Not selected.
  return { user: person, role: person.role, rights, clientIds, joinedAt, lastSeenAt };
}

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string().refine(isRowId)]);

/** Returns a page of an organization's members, the longest-standing first. Throws InvalidInput. */
export async function listMembers(
  { manager }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<MemberRow>> {
  checkPageSize(page.first);
  const [joinedAt, id] = page.after ? readCursor(position, page.after) : [];
  const rows = await manager.query<Row[]>(
    `${SELECT} AND ($2::timestamptz IS NULL OR (${JOINED_AT}, p.id) > ($2, $3::uuid))
     ORDER BY ${JOINED_AT}, p.id LIMIT $4`,
    [organizationId, joinedAt ?? null, id ?? null, page.first + 1],
  );
  return pageOf(rows.map(memberOf), page, (member) => [member.joinedAt, member.user.id]);
}

/** Returns one member of an organization. Throws NotFound. */
export async function getMember(
  { manager }: ServiceContext,
  { organizationId, personId }: { organizationId: string; personId: string },
): Promise<MemberRow> {
  const [row] = await manager.query<Row[]>(`${SELECT} AND p.id = $2`, [organizationId, personId]);
  if (!row) throw new NotFound('member');
  return memberOf(row);
}
