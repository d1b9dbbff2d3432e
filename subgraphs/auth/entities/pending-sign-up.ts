import { EntitySchema } from 'typeorm';

/** A sign-up to be confirmed. Completing one deletes all of its address. */
export interface PendingSignUp {
  id: string;
  name: string;
  /** Compared without case. */
  email: string;
  /** null = the address had an account: it cannot be completed. */
  passwordHash: string | null;
  companyName: string;
  /** The network it is rate-limited by. */
  network: string;
  /** SHA-256 in hexadecimal; null = no link was mailed. */
  tokenHash: string | null;
  /** Attempts to complete it, at most ten. */
  wrongPasswords: number;
  createdAt: Date;
  /** null = not yet. */
  mailedAt: Date | null;
  expiresAt: Date;
}

export const PendingSignUpEntity = new EntitySchema<PendingSignUp>({
  name: 'PendingSignUp',
  tableName: 'pending_sign_up',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    name: { type: 'text' },
    email: { type: 'text' },
    passwordHash: { type: 'text', name: 'password_hash', nullable: true },
    companyName: { type: 'text', name: 'company_name' },
    network: { type: 'text' },
    tokenHash: { type: 'text', name: 'token_hash', nullable: true },
    wrongPasswords: { type: 'integer', name: 'wrong_passwords' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    mailedAt: { type: 'timestamptz', name: 'mailed_at', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
  },
});
