import { EntitySchema } from 'typeorm';

/** A recovery code, for one use. */
export interface RecoveryCode {
  personId: string;
  /** SHA-256 in hexadecimal. */
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
