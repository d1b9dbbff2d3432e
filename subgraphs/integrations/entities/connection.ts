import { EntitySchema } from 'typeorm';
import type { StoredFault } from './stored-fault.js';

/** A user's consent at a provider; consenting again as the same user renews it. */
export interface Connection {
  id: string;
  organizationId: string;
  providerId: string;
  /** The user's id at the provider. */
  externalUserId: string;
  grantedBy: string;
  status: 'ACTIVE' | 'RECONNECT_REQUIRED' | 'DISCONNECTED';
  /** Why it does not work. */
  reason: string | null;
  scopes: string[];
  /** Sealed for this row (services/tokens/token-seal.ts). */
  sealedTokens: string | null;
  /** Of the access token; null = never, or there is none. */
  expiresAt: Date | null;
  /** Counts token changes: callers refused with the same token renew it once. */
  version: number;
  createdAt: Date;
  /** When the user last consented. */
  connectedAt: Date;
  /** Our user who consented; null for an API key, or unknown. */
  grantedByUserId: string | null;
  lastSyncAt: Date | null;
  fault: StoredFault | null;
  /** Since when its user is due a mail: ACTIVE = that it was connected, else that it must be renewed; null = none is due. */
  noticeDueAt: Date | null;
}

export const ConnectionEntity = new EntitySchema<Connection>({
  name: 'Connection',
  tableName: 'connection',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    providerId: { type: 'text', name: 'provider_id' },
    externalUserId: { type: 'text', name: 'external_user_id' },
    grantedBy: { type: 'text', name: 'granted_by' },
    status: { type: 'text' },
    reason: { type: 'text', nullable: true },
    scopes: { type: 'text', array: true },
    sealedTokens: { type: 'text', name: 'sealed_tokens', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at', nullable: true },
    version: { type: 'int' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
    connectedAt: { type: 'timestamptz', name: 'connected_at' },
    grantedByUserId: { type: 'uuid', name: 'granted_by_user_id', nullable: true },
    lastSyncAt: { type: 'timestamptz', name: 'last_sync_at', nullable: true },
    fault: { type: 'jsonb', nullable: true },
    noticeDueAt: { type: 'timestamptz', name: 'notice_due_at', nullable: true },
  },
});
