import type { EntityManager } from 'typeorm';
import { type TwoFactor, TwoFactorEntity } from '#auth/entities/two-factor.js';
import type { Services } from '#runtime/services.js';
import { spendRecoveryCode } from './recovery-codes.js';
import { totpStep } from './totp.js';
import { twoFactorOwner } from './two-factor-seal.js';

const MAX_FAILURES = 5;
const WINDOW_MS = 15 * 60 * 1000;

/** What became of a code. `RATE_LIMITED`: it was not even looked at. */
export type CodeVerdict =
  | { kind: 'APP' | 'RECOVERY_CODE' | 'WRONG' }
  | { kind: 'RATE_LIMITED'; retryAfterSeconds: number };

async function matches(
  { sealer }: Services,
  manager: EntityManager,
  factor: TwoFactor,
  code: string,
  now: Date,
): Promise<'APP' | 'RECOVERY_CODE' | undefined> {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) {
    const isSpent = factor.confirmedAt !== null && (await spendRecoveryCode(manager, factor.id, code, now));
    return isSpent ? 'RECOVERY_CODE' : undefined;
  }
  const step = totpStep(sealer.open(factor.secret, twoFactorOwner(factor.id)), digits, now);
  // A code that was taken once, or one before it, was seen by somebody who looked over a shoulder.
  if (step === undefined || step <= Number(factor.lastStep)) return undefined;
  await manager.update(TwoFactorEntity, { id: factor.id }, { lastStep: String(step) });
  return 'APP';
}

/**
 * Looks at a code of a person's authenticator app, or a recovery code, and uses it up. Five wrong ones in 15 minutes, and
 * none is looked at until those are over. What it writes must be committed, also for a wrong one: so it throws nothing.
 * Codes of one person are looked at one after the other.
 */
export async function tryCode(
  services: Services,
  manager: EntityManager,
  personId: string,
  code: string,
): Promise<CodeVerdict> {
  const factor = await manager.findOne(TwoFactorEntity, {
    where: { id: personId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!factor) return { kind: 'WRONG' };
  const now = services.now();
  const endsAt = (factor.failingSince?.getTime() ?? 0) + WINDOW_MS;
  const isNewWindow = endsAt <= now.getTime();
  const failures = isNewWindow ? 0 : factor.failures;
  if (failures >= MAX_FAILURES) {
    return { kind: 'RATE_LIMITED', retryAfterSeconds: Math.ceil((endsAt - now.getTime()) / 1000) };
  }
  const kind = await matches(services, manager, factor, code, now);
  const failingSince = isNewWindow ? now : factor.failingSince;
  const counted = kind ? { failures: 0, failingSince: null } : { failures: failures + 1, failingSince };
  await manager.update(TwoFactorEntity, { id: personId }, counted);
  return { kind: kind ?? 'WRONG' };
}
