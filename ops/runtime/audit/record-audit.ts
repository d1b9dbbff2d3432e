import { randomBytes, randomUUID } from 'node:crypto';
import type { Identity } from '#runtime/identity/identity.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { AuditOutcome } from './audit-event.js';
import { digestPersonalPart, genesisHash, hashAuditEvent } from './chain-hash.js';
import { storableDetails, storableWords } from './storable-details.js';

/** Something that was done, or tried, in an organization, for its audit trail. */
export interface AuditEntry {
  /** Whose trail; INSTALLATION for what belongs to none. */
  organizationId: string;
  /** What happened: a thing and a past participle, such as `session.started`, `role.changed`, `sign-in.refused`. */
  action: string;
  /** Absent = REFUSED for an action that ends with `.refused`, else SUCCESS. */
  outcome?: AuditOutcome;
  /** What it happened to: a type of the graph, and its id. */
  target?: { type: string; id: string };
  /** What was changed, as it was and as it is. Never a secret, and nothing that is one when it leaks. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

interface Place {
  sequence: number;
  /** Of the event before; null = there is none. */
  hash: string | null;
  now: Date;
}

/** Takes the next place of a chain. Whoever wants the one after it waits until this transaction has ended. */
async function takePlace(manager: SqlDatabase, organizationId: string): Promise<Place> {
  // The time is read after the wait, so that it never runs against the order.
  const [place] = await manager.query<Place[]>(
    `INSERT INTO operations.audit_chain AS chain (organization_id) VALUES ($1)
     ON CONFLICT (organization_id) DO UPDATE SET sequence = chain.sequence + 1
     RETURNING sequence::float8 AS sequence, hash, date_trunc('milliseconds', clock_timestamp()) AS now`,
    [organizationId],
  );
  if (!place) throw new Error('PostgreSQL returned no place for an audit event.');
  return place;
}

/**
 * Adds to an organization's audit trail in the transaction of what happened: it is there if, and only if, that is
 * committed. Who did it, from where and in which request is read from the identity. Call it last in the transaction:
 * events of one organization wait for each other until it ends. For two organizations, call it in the order of their ids.
 */
export async function recordAudit(
  manager: SqlDatabase,
  { kind, userId, apiKeyId, client, requestId }: Identity,
  { organizationId, action, outcome, target, before, after }: AuditEntry,
): Promise<void> {
  const wordsOf = (text: string | undefined) => (text === undefined ? null : storableWords(text));
  const personal = {
    address: wordsOf(client?.address),
    userAgent: wordsOf(client?.userAgent),
    before: storableDetails(before),
    after: storableDetails(after),
  };
  const salt = randomBytes(16).toString('hex');
  const trail = organizationId.toLowerCase();
  const { sequence, hash: previous, now } = await takePlace(manager, trail);
  const event = {
    organizationId: trail,
    sequence,
    id: randomUUID(),
    occurredAt: now,
    action,
    outcome: outcome ?? (action.endsWith('.refused') ? 'REFUSED' : 'SUCCESS'),
    actorKind: kind,
    actorId: wordsOf(userId ?? apiKeyId),
    requestId: storableWords(requestId),
    targetType: wordsOf(target?.type),
    targetId: wordsOf(target?.id),
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
