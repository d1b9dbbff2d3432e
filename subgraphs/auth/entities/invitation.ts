import { EntitySchema } from 'typeorm';
import type { Role } from '#runtime/identity/identity.js';

/** A pending invitation; deleted when it is accepted or revoked. */
export interface Invitation {
  id: string;
  organizationId: string;
  /** Compared without case; one per organization. */
  email: string;
  role: Role;
  /** The clients the member will be limited to; null = not limited. */
  clientIds: string[] | null;
  invitedBy: string | null;
  /** SHA-256 in hexadecimal. */
  tokenHash: string;
  /** Attempts to accept it with a wrong password. */
  wrongPasswords: number;
  createdAt: Date;
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
    clientIds: { type: 'uuid', name: 'client_ids', array: true, nullable: true },
    invitedBy: { type: 'uuid', name: 'invited_by', nullable: true },
    tokenHash: { type: 'text', name: 'token_hash' },
    wrongPasswords: { type: 'integer', name: 'wrong_passwords' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentAt: { type: 'timestamptz', name: 'sent_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
  },
});
