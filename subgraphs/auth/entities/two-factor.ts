import { EntitySchema } from 'typeorm';

/** What a person shows besides their password: codes of an authenticator app. */
export interface TwoFactor {
  /** The person's id. */
  id: string;
  /** What the app computes codes from, sealed. */
  secret: string;
  /** null = it was begun, and counts for nothing yet. */
  confirmedAt: Date | null;
  /** The time step of the last code that was taken, as PostgreSQL returns a bigint. */
  lastStep: string;
  /** Wrong codes since `failingSince`. */
  failures: number;
  failingSince: Date | null;
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
    failingSince: { type: 'timestamptz', name: 'failing_since', nullable: true },
  },
});
