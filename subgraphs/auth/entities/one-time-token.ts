import { EntitySchema } from 'typeorm';

/** What a token is good for. */
export type TokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD' | 'CONFIRM_EMAIL_CHANGE' | 'STOP_EMAIL_CHANGE';

/** A mailed token for one use. */
export interface OneTimeToken {
  /** SHA-256 in hexadecimal. */
  hash: string;
  purpose: TokenPurpose;
  personId: string;
  /** The address to confirm or to restore. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
  /** When it was used or withdrawn; null = valid. */
  usedAt: Date | null;
}

export const OneTimeTokenEntity = new EntitySchema<OneTimeToken>({
  name: 'OneTimeToken',
  tableName: 'one_time_token',
  columns: {
    hash: { type: 'text', primary: true },
    purpose: { type: 'text' },
    personId: { type: 'uuid', name: 'person_id' },
    email: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    usedAt: { type: 'timestamptz', name: 'used_at', nullable: true },
  },
});
