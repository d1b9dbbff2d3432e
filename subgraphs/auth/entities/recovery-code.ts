import { EntitySchema } from 'typeorm';

/** A code that stands in for a lost authenticator app, once. */
export interface RecoveryCode {
  personId: string;
  /** SHA-256 in hexadecimal; the code itself is nowhere. */
  hash: string;
  usedAt: Date | null;
}

export const RecoveryCodeEntity = new EntitySchema<RecoveryCode>({
  name: 'RecoveryCode',
  tableName: 'recovery_code',
  columns: {
    personId: { type: 'uuid', name: 'person_id', primary: true },
    hash: { type: 'text', primary: true },
    usedAt: { type: 'timestamptz', name: 'used_at', nullable: true },
  },
});
