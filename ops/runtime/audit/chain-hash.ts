import { createHash } from 'node:crypto';
import type { AuditEvent, PersonalPart } from './audit-event.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** JSON with sorted fields: jsonb does not keep their order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** Returns the previous hash of an organization's first event. */
export function genesisHash(organizationId: string): string {
  return sha256(`webmetrics audit ${organizationId}`);
}

/** Returns the digest of the personal part of an event. */
export function digestPersonalPart({ address, userAgent, before, after }: PersonalPart, salt: string): string {
  return sha256(canonical(['v1', salt, address, userAgent, before ?? null, after ?? null]));
}

/** Returns the hash of an event: over its fields, the digest of its personal part and the previous hash. */
export function hashAuditEvent(event: Omit<AuditEvent, 'hash' | 'salt' | keyof PersonalPart>): string {
  return sha256(
    canonical([
      'v1',
      event.organizationId,
      event.sequence,
      event.id,
      event.occurredAt.toISOString(),
      event.action,
      event.outcome,
      event.actorKind,
      event.actorId,
      event.requestId,
      event.targetType,
      event.targetId,
      event.personalDigest,
      event.previousHash,
    ]),
  );
}
