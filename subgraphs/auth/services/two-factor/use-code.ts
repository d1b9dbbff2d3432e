import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { type TwoFactor, TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { AppError, RateLimited } from '#runtime/errors.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { countRecoveryCodes, spendRecoveryCode } from './recovery-codes.js';
import { totpStep, twoFactorOwner } from './totp.js';

const MAX_FAILURES = 5;
const WINDOW_MS = 15 * 60 * 1000;

/** `RATE_LIMITED`: not compared. */
type Verdict = { kind: 'APP' | 'RECOVERY_CODE' | 'WRONG' } | { kind: 'RATE_LIMITED'; retryAfterSeconds: number };

async function match(
  transaction: TransactionContext,
  { factor, code }: { factor: TwoFactor; code: string },
): Promise<'APP' | 'RECOVERY_CODE' | 'WRONG'> {
  const { services, manager } = transaction;
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) {
    const spend = () => spendRecoveryCode(transaction, { personId: factor.id, code });
    return factor.confirmedAt !== null && (await spend()) ? 'RECOVERY_CODE' : 'WRONG';
  }
  const secret = services.sealer.open(factor.secret, twoFactorOwner(factor.id));
  const step = totpStep(secret, { code: digits, now: services.now() });
  // RFC 6238 §5.2: a code is accepted once.
  if (step === undefined || step <= Number(factor.lastStep)) return 'WRONG';
  await manager.update(TwoFactorEntity, { id: factor.id }, { lastStep: String(step) });
  return 'APP';
}

/**
 * Compares a code and uses it up. After five wrong ones in 15 minutes none is compared. A wrong one is counted in the
 * transaction, so it must not throw.
 */
async function tryCode(
  transaction: TransactionContext,
  { personId, code }: { personId: string; code: string },
): Promise<Verdict> {
  const { services, manager } = transaction;
  const lock = { mode: 'pessimistic_write' } as const;
  const factor = await manager.findOne(TwoFactorEntity, { where: { id: personId }, lock });
  if (!factor) return { kind: 'WRONG' };
  const now = services.now();
  const endsAt = (factor.failingSince?.getTime() ?? 0) + WINDOW_MS;
  const isNewWindow = endsAt <= now.getTime();
  const failures = isNewWindow ? 0 : factor.failures;
  if (failures >= MAX_FAILURES) {
    return { kind: 'RATE_LIMITED', retryAfterSeconds: Math.ceil((endsAt - now.getTime()) / 1000) };
  }
  const kind = await match(transaction, { factor, code });
  const failed = { failures: failures + 1, failingSince: isNewWindow ? now : factor.failingSince };
  const counted = kind === 'WRONG' ? failed : { failures: 0, failingSince: null };
  await manager.update(TwoFactorEntity, { id: personId }, counted);
  return { kind };
}

/** Queues a notice and records that a recovery code was used. */
async function recordRecovery(transaction: TransactionContext, { person }: { person: Person }): Promise<void> {
  const { id: personId, email } = person;
  const codesLeft = await countRecoveryCodes(transaction, { personId });
  const mail = twoFactorMail('recovery-code-used', codesLeft);
  await queueMail(transaction.manager, { recipient: email, kind: 'recovery-code-used', ...mail });
  const after = { recoveryCodesLeft: codesLeft };
  await recordPersonAudit(transaction, { personId, action: 'two-factor.recovery-code-used', after });
}

/**
 * Uses up a code and runs `effect` in the same transaction. Throws TWO_FACTOR_INVALID, and RateLimited after five wrong
 * codes. Call `deliverSoon` afterwards.
 */
export async function useCode(
  context: ServiceContext,
  { person, code, effect }: { person: Person; code: string; effect?(transaction: TransactionContext): Promise<void> },
): Promise<void> {
  const personId = person.id;
  const verdict = await inTransaction(context, async (transaction) => {
    const result = await tryCode(transaction, { personId, code });
    const isRight = result.kind === 'APP' || result.kind === 'RECOVERY_CODE';
    if (isRight) await effect?.(transaction);
    if (result.kind === 'RECOVERY_CODE') await recordRecovery(transaction, { person });
    if (!isRight) await recordPersonAudit(transaction, { personId, action: 'two-factor.refused' });
    return result;
  });
  if (verdict.kind === 'RATE_LIMITED') {
    throw new RateLimited('There were too many wrong codes: wait, then try again.', verdict.retryAfterSeconds);
  }
  if (verdict.kind === 'WRONG') {
    throw new AppError('The code is wrong, or was used before: wait for the next one.', 'TWO_FACTOR_INVALID');
  }
}
