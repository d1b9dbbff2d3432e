import { EntitySchema } from 'typeorm';
import type { StoredFault } from './stored-fault.js';

/** One consent given by a person at a provider. Connecting again as the same person renews it. */
export interface Connection {
  id: string;
  organizationId: string;
  providerId: string;
  /** The person's id at the provider. */
  externalUserId: string;
  grantedBy: string;
  status: 'ACTIVE' | 'RECONNECT_REQUIRED' | 'DISCONNECTED';
  /** Why it does not work; null while it does. */
  reason: string | null;
  scopes: string[];
  /** The tokens, sealed for this row (services/token-seal.ts); null when there are none (any more). */
  sealedTokens: string | null;
  /** When the access token ends; null = never, or there is none. */
  expiresAt: Date | null;
  /** Counts the changes of the tokens, so that two who found the same token bad renew it once. */
  version: number;
  createdAt: Date;
  /** When the person last consented. */
  connectedAt: Date;
  /** Which of our users consented; null for an API key, and where nobody wrote it down. */
  grantedByUserId: string | null;
  /** When its accounts were last listed at the provider. */
  lastSyncAt: Date | null;
  /** What went wrong for all of it when it was last used; null = it was answered. */
  fault: StoredFault | null;
  /** Since when people are to be told that it must be renewed; null = they are told, or there is nothing to tell. */
  noticeDueAt: Date | null;
}

export const ConnectionEntity = new EntitySchema<Connection>({
  name: 'Connection',
  tableName: 'connection',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
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
