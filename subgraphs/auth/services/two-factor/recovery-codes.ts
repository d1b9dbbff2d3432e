import { Secret } from 'otpauth';
import { IsNull } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { RecoveryCodeEntity } from '#auth/entities/recovery-code.js';
import { hashToken } from '#auth/services/link/token.js';

const COUNT = 10;
/** 80 random bits: a plain digest is enough. */
const BYTES = 10;

const hashRecoveryCode = (code: string) => hashToken(code.replace(/[^A-Za-z0-9]/g, '').toUpperCase());

/** Replaces a person's recovery codes and returns the new ones, `ABCD-EFGH-…`. */
export async function replaceRecoveryCodes(
  { manager }: TransactionContext,
  { personId }: { personId: string },
): Promise<string[]> {
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

/** Uses up a recovery code. Returns whether it was valid. */
export async function spendRecoveryCode(
  { services, manager }: TransactionContext,
  { personId, code }: { personId: string; code: string },
): Promise<boolean> {
  const unused = { personId, hash: hashRecoveryCode(code), usedAt: IsNull() };
  const { affected } = await manager.update(RecoveryCodeEntity, unused, { usedAt: services.now() });
  return affected === 1;
}

/** Returns the number of unused recovery codes of a person. */
export function countRecoveryCodes(
  { manager }: Pick<ServiceContext, 'manager'>,
  { personId }: { personId: string },
): Promise<number> {
  return manager.countBy(RecoveryCodeEntity, { personId, usedAt: IsNull() });
}
