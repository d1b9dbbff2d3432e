import { EntitySchema } from 'typeorm';

/** One attempt to sign up. Completed, it is gone, and with it every other one of its address. */
export interface PendingSignUp {
  id: string;
  name: string;
  /** As it was given; compared without case. */
  email: string;
  /** null = the address had an account when the mail was written: there is nothing to complete. */
  passwordHash: string | null;
  companyName: string;
  /** The network it came from, as requests are counted by it. */
  network: string;
  /** SHA-256 in hexadecimal of what the link carries, which is nowhere else; null = there is no link (yet). */
  tokenHash: string | null;
  /** How often a password was tried with the link. */
  wrongPasswords: number;
  createdAt: Date;
  /** When somebody was written to because of it; null = not yet. */
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
