import { EntitySchema } from 'typeorm';

/** What the bearer of a link may do, once. */
export type TokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD' | 'CONFIRM_EMAIL_CHANGE' | 'STOP_EMAIL_CHANGE';

/** A token that was mailed to somebody. */
export interface OneTimeToken {
  /** SHA-256 in hexadecimal; the token itself is nowhere but in the mail. */
  hash: string;
  purpose: TokenPurpose;
  personId: string;
  /** The address it is about: to be confirmed, or to be given back. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
  /** When it was used, or made worthless; null = it still holds. */
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
