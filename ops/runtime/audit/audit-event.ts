export type AuditOutcome = 'SUCCESS' | 'REFUSED';

/** The part of an event that an erasure removes. */
export interface PersonalPart {
  address: string | null;
  userAgent: string | null;
  before: unknown;
  after: unknown;
}

export interface AuditEvent extends PersonalPart {
  organizationId: string;
  /** From 1, per organization, without gaps. */
  sequence: number;
  id: string;
  occurredAt: Date;
  action: string;
  outcome: AuditOutcome;
  actorKind: string;
  actorId: string | null;
  requestId: string;
  targetType: string | null;
  targetId: string | null;
  /** null = the personal part was erased. */
  salt: string | null;
  personalDigest: string;
  previousHash: string;
  hash: string;
}

/** The columns of `operations.audit_event` under the names of an AuditEvent. */
export const AUDIT_EVENT_COLUMNS = `
  organization_id AS "organizationId", sequence::float8 AS sequence, id, occurred_at AS "occurredAt", action, outcome,
  actor_kind AS "actorKind", actor_id AS "actorId", request_id AS "requestId", target_type AS "targetType",
  target_id AS "targetId", address, user_agent AS "userAgent", before, after, salt,
  personal_digest AS "personalDigest", previous_hash AS "previousHash", hash`;
