import { EntitySchema } from 'typeorm';
import type { ApiKeyKind } from '#runtime/identity/api-key.js';

/** An API key of an organization. Revoked ones are kept for the audit trail. */
export interface ApiKey {
  id: string;
  organizationId: string;
  name: string;
  kind: ApiKeyKind;
  scopes: string[];
  /** From its creation and from each rotation. */
  lifetimeDays: number;
  /** null = the account was deleted. */
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** When administrators were warned; null = not yet. */
  expiryWarnedAt: Date | null;
}

export const ApiKeyEntity = new EntitySchema<ApiKey>({
  name: 'ApiKey',
  tableName: 'api_key',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    name: { type: 'text' },
    kind: { type: 'text' },
    scopes: { type: 'text', array: true },
    lifetimeDays: { type: 'integer', name: 'lifetime_days' },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    lastUsedAt: { type: 'timestamptz', name: 'last_used_at', nullable: true },
    expiryWarnedAt: { type: 'timestamptz', name: 'expiry_warned_at', nullable: true },
  },
});
