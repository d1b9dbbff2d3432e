import { EntitySchema } from 'typeorm';
import type { Role } from '#runtime/identity/identity.js';

/** An invitation that waits for an answer. Accepted or revoked, it is gone: the audit trail tells of it. */
export interface Invitation {
  id: string;
  organizationId: string;
  /** As it was given; compared without case, one per organization. */
  email: string;
  role: Role;
  invitedBy: string | null;
  /** SHA-256 in hexadecimal of what the link carries, which is nowhere else. */
  tokenHash: string;
  /** How often somebody with the link gave a wrong password. */
  wrongPasswords: number;
  createdAt: Date;
  /** When the link was last sent. */
  sentAt: Date;
  expiresAt: Date;
}

export const InvitationEntity = new EntitySchema<Invitation>({
  name: 'Invitation',
  tableName: 'invitation',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    email: { type: 'text' },
    role: { type: 'text' },
    invitedBy: { type: 'uuid', name: 'invited_by', nullable: true },
    tokenHash: { type: 'text', name: 'token_hash' },
    wrongPasswords: { type: 'integer', name: 'wrong_passwords' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentAt: { type: 'timestamptz', name: 'sent_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
  },
});
