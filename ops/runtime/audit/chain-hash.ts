import { createHash } from 'node:crypto';
import type { AuditEvent, PersonalPart } from './audit-event.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The same text for the same JSON, in whatever order a database returns its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** What the first event of an organization names as the one before it. */
export function genesisHash(organizationId: string): string {
  return sha256(`webmetrics audit ${organizationId}`);
}

/** Returns the digest that binds the personal part of an event. */
export function digestPersonalPart({ address, userAgent, before, after }: PersonalPart, salt: string): string {
  return sha256(canonical(['v1', salt, address, userAgent, before ?? null, after ?? null]));
}

/** Returns the hash of an event: over all it says, the digest of its personal part, and the hash of the one before it. */
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
