import { randomBytes, randomUUID } from 'node:crypto';
import type { Identity } from '#runtime/identity/identity.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { AuditOutcome } from './audit-event.js';
import { digestPersonalPart, genesisHash, hashAuditEvent } from './chain-hash.js';
import { storableDetails, storableText } from './storable-details.js';

/** Whose trail records what concerns the whole installation, or a person without an organization. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

/** An action in an organization, done or refused, for its audit trail. */
export interface AuditEntry {
  /** INSTALLATION for what belongs to none. */
  organizationId: string;
  /** An object and a past participle, such as `session.started`, `role.changed`, `sign-in.refused`. */
  action: string;
  /** Default: REFUSED for an action that ends with `.refused`, else SUCCESS. */
  outcome?: AuditOutcome;
  target?: { type: string; id: string };
  /** Never secrets. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

interface ChainLink {
  sequence: number;
  /** Of the previous event; null when there is none. */
  hash: string | null;
  now: Date;
}

/** Takes the next sequence number of a chain. Concurrent callers wait until this transaction ends. */
async function nextLink(manager: SqlDatabase, organizationId: string): Promise<ChainLink> {
  // The time is read after the wait for the lock, so that it follows the order.
  const [link] = await manager.query<ChainLink[]>(
    `INSERT INTO operations.audit_chain AS chain (organization_id) VALUES ($1)
     ON CONFLICT (organization_id) DO UPDATE SET sequence = chain.sequence + 1
     RETURNING sequence::float8 AS sequence, hash, date_trunc('milliseconds', clock_timestamp()) AS now`,
    [organizationId],
  );
  if (!link) throw new Error('PostgreSQL returned no sequence number for an audit event.');
  return link;
}

/**
 * Appends to an organization's audit trail in the transaction of the action, so that both commit or neither. Actor, address
 * and request are those of the identity. Call it last in the transaction, as it locks the trail until the end; for two
 * organizations in the order of their ids.
 */
export async function recordAudit(
  manager: SqlDatabase,
  { kind, userId, apiKeyId, share, client, requestId }: Identity,
  { organizationId, action, outcome, target, before, after }: AuditEntry,
): Promise<void> {
  const textOf = (text: string | undefined) => (text === undefined ? null : storableText(text));
  const personal = {
    address: textOf(client?.address),
    userAgent: textOf(client?.userAgent),
    before: storableDetails(before),
    after: storableDetails(after),
  };
  const salt = randomBytes(16).toString('hex');
  const trail = organizationId.toLowerCase();
  const { sequence, hash: previous, now } = await nextLink(manager, trail);
  const event = {
    organizationId: trail,
    sequence,
    id: randomUUID(),
    occurredAt: now,
    action,
    outcome: outcome ?? (action.endsWith('.refused') ? 'REFUSED' : 'SUCCESS'),
    actorKind: kind,
    actorId: textOf(userId ?? apiKeyId ?? share?.shareId),
    requestId: storableText(requestId),
    targetType: textOf(target?.type),
    targetId: textOf(target?.id),
    personalDigest: digestPersonalPart(personal, salt),
    previousHash: previous ?? genesisHash(trail),
  } as const;
  const hash = hashAuditEvent(event);
  await manager.query(
    `WITH chain AS (UPDATE operations.audit_chain SET hash = $19 WHERE organization_id = $1)
     INSERT INTO operations.audit_event
       (organization_id, sequence, id, occurred_at, action, outcome, actor_kind, actor_id, request_id, target_type,
        target_id, address, user_agent, before, after, salt, personal_digest, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      ...[event.organizationId, event.sequence, event.id, event.occurredAt, event.action, event.outcome],
      ...[event.actorKind, event.actorId, event.requestId, event.targetType, event.targetId],
      ...[personal.address, personal.userAgent, personal.before, personal.after, salt],
      ...[event.personalDigest, event.previousHash, hash],
    ],
  );
}
