import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { type TwoFactor, TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { AppError, RateLimited } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { countRecoveryCodes, spendRecoveryCode } from './recovery-codes.js';
import { totpStep, twoFactorOwner } from './totp.js';

const MAX_FAILURES = 5;
const WINDOW_MS = 15 * 60 * 1000;
/** A code has a million values, three of which are right at a time: this many guesses find one in 3,000 accounts. */
const MAX_FAILURES_IN_ROW = 100;

/** `RATE_LIMITED` and `LOCKED`: not compared. */
type Verdict =
  | { kind: 'APP' | 'RECOVERY_CODE' | 'LOCKED' }
  | { kind: 'WRONG'; news?: 'wrong-codes' | 'locked' }
  | { kind: 'RATE_LIMITED'; retryAfterSeconds: number };

const RIGHT = { failures: 0, failingSince: null, failuresInRow: 0 };

/** Whether a code of the app is right. Uses it up. */
async function isCodeOfApp(
  { services, manager }: TransactionContext,
  { factor, digits }: { factor: TwoFactor; digits: string },
): Promise<boolean> {
  const secret = services.sealer.open(factor.secret, twoFactorOwner(factor.id));
  const step = totpStep(secret, { code: digits, now: services.now() });
  // RFC 6238 §5.2: a code is accepted once.
  if (step === undefined || step <= Number(factor.lastStep)) return false;
  await manager.update(TwoFactorEntity, { id: factor.id }, { lastStep: String(step) });
  return true;
}

/** Counts a wrong code. */
async function countFailure(
  { services, manager }: TransactionContext,
  { factor, failures }: { factor: TwoFactor; failures: number },
): Promise<Verdict> {
  const failuresInRow = factor.failuresInRow + 1;
  const failingSince = failures === 0 ? services.now() : factor.failingSince;
  await manager.update(TwoFactorEntity, { id: factor.id }, { failures: failures + 1, failingSince, failuresInRow });
  if (!factor.confirmedAt) return { kind: 'WRONG' };
  if (failuresInRow === MAX_FAILURES_IN_ROW) return { kind: 'WRONG', news: 'locked' };
  return { kind: 'WRONG', ...(failures + 1 === MAX_FAILURES && { news: 'wrong-codes' }) };
}

/**
 * Compares a code and uses it up. After five wrong ones in 15 minutes none of the app is compared, and after a hundred in
 * a row none until a recovery code. A wrong one is counted in the transaction, so it must not throw.
 */
async function tryCode(
  transaction: TransactionContext,
  { personId, code }: { personId: string; code: string },
): Promise<Verdict> {
  const { services, manager } = transaction;
  const lock = { mode: 'pessimistic_write' } as const;
  const factor = await manager.findOne(TwoFactorEntity, { where: { id: personId }, lock });
  if (!factor) return { kind: 'WRONG' };
  const digits = code.replace(/\s/g, '');
  const isOfApp = /^\d{6}$/.test(digits);
  // Their 80 bits cannot be guessed: wrong codes of others must not keep the owner from using one.
  if (!isOfApp && factor.confirmedAt && (await spendRecoveryCode(transaction, { personId, code }))) {
    await manager.update(TwoFactorEntity, { id: personId }, RIGHT);
    return { kind: 'RECOVERY_CODE' };
  }
  if (factor.failuresInRow >= MAX_FAILURES_IN_ROW) return { kind: 'LOCKED' };
  const nowMs = services.now().getTime();
  const endsAtMs = (factor.failingSince?.getTime() ?? 0) + WINDOW_MS;
  const failures = endsAtMs <= nowMs ? 0 : factor.failures;
  if (failures >= MAX_FAILURES) {
    return { kind: 'RATE_LIMITED', retryAfterSeconds: Math.ceil((endsAtMs - nowMs) / 1000) };
  }
  if (!isOfApp || !(await isCodeOfApp(transaction, { factor, digits }))) {
    return countFailure(transaction, { factor, failures });
  }
  await manager.update(TwoFactorEntity, { id: personId }, RIGHT);
  return { kind: 'APP' };
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

/** Queues a notice of wrong codes, at most one of each kind a day, and records the refusal. */
async function recordFailure(
  transaction: TransactionContext,
  { person, news }: { person: Person; news?: 'wrong-codes' | 'locked' },
): Promise<void> {
  const { id: personId, email } = person;
  if (news) {
    const kind = `two-factor-${news}`;
    const key = `${kind} ${personId} ${transaction.services.now().toISOString().slice(0, 10)}`;
    await queueMail(transaction.manager, { recipient: email, kind, key, ...twoFactorMail(news) });
  }
  const after = news === 'locked' ? { isLocked: true } : undefined;
  await recordPersonAudit(transaction, { personId, action: 'two-factor.refused', after });
}

/**
 * Uses up a code and runs `effect` in the same transaction. Throws TWO_FACTOR_INVALID, RateLimited after five wrong codes,
 * and TWO_FACTOR_LOCKED after a hundred in a row; right recovery codes are accepted in any case. Call `deliverSoon`
 * afterwards.
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
    if (result.kind === 'WRONG') await recordFailure(transaction, { person, news: result.news });
    return result;
  });
  if (verdict.kind === 'WRONG' && verdict.news) await deliverSoon(context.services);
  if (verdict.kind === 'RATE_LIMITED') {
    throw new RateLimited('There were too many wrong codes: wait, then try again.', verdict.retryAfterSeconds);
  }
  if (verdict.kind === 'LOCKED') {
    const message = 'There were a hundred wrong codes in a row: only a recovery code is accepted now.';
    throw new AppError(message, 'TWO_FACTOR_LOCKED');
  }
  if (verdict.kind === 'WRONG') {
    throw new AppError('The code is wrong, or was used before: wait for the next one.', 'TWO_FACTOR_INVALID');
  }
}
