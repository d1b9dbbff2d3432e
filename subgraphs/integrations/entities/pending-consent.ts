import { EntitySchema } from 'typeorm';

/**
 * A consent that waits for the provider's redirect (`stateHash`), then for its initiator (`completionHash`), then for the
 * exchange of its code (neither).
 */
export interface PendingConsent {
  id: string;
  organizationId: string;
  /** The user who initiated it, and the only one who may complete it. */
  userId: string;
  providerId: string;
  /** The connection to renew, by the same user at the provider; null = none. */
  connectionId: string | null;
  redirectUri: string;
  /** Where the browser goes; null = to a page of the gateway. */
  returnTo: string | null;
  /** PKCE verifier and authorization code, sealed for this row. */
  sealed: string;
  /** SHA-256 in hexadecimal. */
  stateHash: string | null;
  /** SHA-256 in hexadecimal. */
  completionHash: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export const PendingConsentEntity = new EntitySchema<PendingConsent>({
  name: 'PendingConsent',
  tableName: 'pending_consent',
  columns: {
    id: { type: 'uuid', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    userId: { type: 'uuid', name: 'user_id' },
    providerId: { type: 'text', name: 'provider_id' },
    connectionId: { type: 'uuid', name: 'connection_id', nullable: true },
    redirectUri: { type: 'text', name: 'redirect_uri' },
    returnTo: { type: 'text', name: 'return_to', nullable: true },
    sealed: { type: 'text' },
    stateHash: { type: 'text', name: 'state_hash', nullable: true },
    completionHash: { type: 'text', name: 'completion_hash', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
  },
});
