import { createHash } from 'node:crypto';
import { Secret } from 'otpauth';
import { type EntityManager, IsNull } from 'typeorm';
import { RecoveryCodeEntity } from '#auth/entities/recovery-code.js';

const COUNT = 10;
/** 80 bits: nobody guesses one, so that a plain digest is enough to store. */
const BYTES = 10;

const plainCode = (code: string) => code.replace(/[^A-Za-z0-9]/g, '').toUpperCase();

function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(plainCode(code)).digest('hex');
}

/** Gives a person new recovery codes, `ABCD-EFGH-…`, in place of all they had. They are nowhere but in the answer. */
export async function replaceRecoveryCodes(manager: EntityManager, personId: string): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, () =>
    (new Secret({ size: BYTES }).base32.match(/.{4}/g) ?? []).join('-'),
  );
  await manager.delete(RecoveryCodeEntity, { personId });
  await manager.insert(
    RecoveryCodeEntity,
    codes.map((code) => ({ personId, hash: hashRecoveryCode(code), usedAt: null })),
  );
  return codes;
}

/** Uses a recovery code up. Returns whether it was one that is left. */
export async function spendRecoveryCode(
  manager: EntityManager,
  personId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  const unused = { personId, hash: hashRecoveryCode(code), usedAt: IsNull() };
  const { affected } = await manager.update(RecoveryCodeEntity, unused, { usedAt: now });
  return affected === 1;
}

/** Returns how many recovery codes a person has left. */
export function countRecoveryCodes(manager: EntityManager, personId: string): Promise<number> {
  return manager.countBy(RecoveryCodeEntity, { personId, usedAt: IsNull() });
}
