import { EntitySchema } from 'typeorm';

/** A person's authenticator app. */
export interface TwoFactor {
  /** The person's id. */
  id: string;
  /** The TOTP secret, sealed. */
  secret: string;
  /** null = the set-up is not finished. */
  confirmedAt: Date | null;
  /** The time step of the last accepted code; PostgreSQL returns bigint as text. */
  lastStep: string;
  /** Wrong codes since `failingSince`. */
  failures: number;
  failingSince: Date | null;
  /** Wrong codes since the last right one. */
  failuresInRow: number;
}

export const TwoFactorEntity = new EntitySchema<TwoFactor>({
  name: 'TwoFactor',
  tableName: 'two_factor',
  columns: {
    id: { type: 'uuid', primary: true },
    secret: { type: 'text' },
    confirmedAt: { type: 'timestamptz', name: 'confirmed_at', nullable: true },
    lastStep: { type: 'bigint', name: 'last_step', default: 0 },
    failures: { type: 'integer', default: 0 },
    failuresInRow: { type: 'integer', name: 'failures_in_row', default: 0 },
    failingSince: { type: 'timestamptz', name: 'failing_since', nullable: true },
  },
});
