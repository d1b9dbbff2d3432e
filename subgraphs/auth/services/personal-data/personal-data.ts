import type { ServiceContext } from '#auth/context.js';
import { listMemberships } from '#auth/services/member/list-memberships.js';
import { pickColumns } from '#runtime/database/pick-columns.js';

type Row = Record<string, unknown>;

/** Rows about a person, and their public columns. */
interface Part {
  /** $1 is the person's id or address. */
  statement: string;
  by: 'id' | 'email';
  columns: readonly string[];
}

const PROFILE = ['id', 'name', 'email', 'email_verified_at', 'trial_began_at', 'created_at'];

// No secrets, no texts of mails (they contain links), no changes in audit events (they may concern other people).
const parts: Record<string, Part> = {
  sessions: {
    statement: 'SELECT * FROM auth.session WHERE person_id = $1 ORDER BY created_at',
    by: 'id',
    columns: [
      'id',
      'organization_id',
      'address',
      'user_agent',
      'created_at',
      'last_seen_at',
      'expires_at',
      'ends_at',
      'revoked_at',
    ],
  },
  sessionRefreshes: {
    statement: `SELECT r.* FROM auth.session_refresh AS r JOIN auth.session AS s ON s.id = r.session_id
      WHERE s.person_id = $1 ORDER BY r.first_at`,
    by: 'id',
    columns: ['session_id', 'address', 'user_agent', 'first_at', 'last_at'],
  },
  invitations: {
    statement: `SELECT i.*, o.name AS organization_name FROM auth.invitation AS i
      JOIN auth.organization AS o ON o.id = i.organization_id WHERE lower(i.email) = lower($1) ORDER BY i.created_at`,
    by: 'email',
    columns: ['organization_name', 'role', 'created_at', 'expires_at'],
  },
  apiKeys: {
    statement: 'SELECT * FROM auth.api_key WHERE created_by = $1 ORDER BY created_at',
    by: 'id',
    columns: ['id', 'organization_id', 'name', 'scopes', 'created_at', 'expires_at', 'revoked_at'],
  },
  webhookEndpoints: {
    statement: 'SELECT * FROM operations.webhook_endpoint WHERE created_by = $1 ORDER BY created_at',
    by: 'id',
    columns: ['id', 'organization_id', 'description', 'event_types', 'created_at'],
  },
  twoFactor: {
    statement: 'SELECT * FROM auth.two_factor WHERE id = $1',
    by: 'id',
    columns: ['confirmed_at', 'failing_since'],
  },
  links: {
    statement: 'SELECT * FROM auth.one_time_token WHERE person_id = $1 ORDER BY created_at',
    by: 'id',
    columns: ['purpose', 'email', 'created_at', 'expires_at', 'used_at'],
  },
  auditEvents: {
    statement: `SELECT * FROM operations.audit_event WHERE actor_id = $1::text AND actor_kind <> 'service' ORDER BY occurred_at`,
    by: 'id',
    columns: [
      'occurred_at',
      'organization_id',
      'action',
      'address',
      'user_agent',
      'request_id',
      'target_type',
      'target_id',
    ],
  },
  mails: {
    statement: 'SELECT * FROM operations.mail WHERE lower(recipient) = lower($1) ORDER BY created_at',
    by: 'email',
    columns: ['created_at', 'kind', 'subject', 'status', 'finished_at'],
  },
};

/** Returns the personal data about a person. */
export async function personalData(
  context: ServiceContext,
  { personId }: { personId: string },
): Promise<Record<string, unknown>> {
  const { manager } = context;
  const [person] = await manager.query<Row[]>('SELECT * FROM auth.person WHERE id = $1', [personId]);
  if (!person) return {};
  const data: Record<string, unknown> = {
    profile: pickColumns(person, PROFILE),
    memberships: await listMemberships(context, { personId }),
  };
  for (const [name, { statement, by, columns }] of Object.entries(parts)) {
    const rows = await manager.query<Row[]>(statement, [person[by]]);
    data[name] = rows.map((row) => pickColumns(row, columns));
  }
  return data;
}
