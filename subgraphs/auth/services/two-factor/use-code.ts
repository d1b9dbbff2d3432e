import type { DataSource, EntityManager } from 'typeorm';
import type { Person } from '#auth/entities/person.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/person/record-person-audit.js';
import { AppError, RateLimited } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { countRecoveryCodes } from './recovery-codes.js';
import { tryCode } from './try-code.js';

export interface CodeUse {
  person: Person;
  code: string;
  /** What is done if the code is right, in the same transaction. */
  effect?(manager: EntityManager): Promise<void>;
}

/** Tells the person, and the trail, that a recovery code was used up. */
async function noteRecovery(manager: EntityManager, identity: Identity, person: Person): Promise<void> {
  const codesLeft = await countRecoveryCodes(manager, person.id);
  await queueMail(manager, {
    recipient: person.email,
    kind: 'recovery-code-used',
    ...twoFactorMail('recovery-code-used', codesLeft),
  });
  await recordPersonAudit(manager, identity, person.id, {
    action: 'two-factor.recovery-code-used',
    after: { recoveryCodesLeft: codesLeft },
  });
}

/**
 * Uses a code up, and does what it is for. Throws AppError with TWO_FACTOR_INVALID for a wrong, old or used one, and
 * RateLimited after five of them. Call `deliverSoon` afterwards.
 */
export async function useCode(
  services: Services,
  database: DataSource,
  identity: Identity,
  { person, code, effect }: CodeUse,
): Promise<void> {
  const verdict = await database.transaction(async (manager) => {
    const result = await tryCode(services, manager, person.id, code);
    const isRight = result.kind === 'APP' || result.kind === 'RECOVERY_CODE';
    if (isRight) await effect?.(manager);
    if (result.kind === 'RECOVERY_CODE') await noteRecovery(manager, identity, person);
    if (!isRight) await recordPersonAudit(manager, identity, person.id, { action: 'two-factor.refused' });
    return result;
  });
  if (verdict.kind === 'RATE_LIMITED') {
    throw new RateLimited('There were too many wrong codes: wait, then try again.', verdict.retryAfterSeconds);
  }
  if (verdict.kind === 'WRONG') {
    throw new AppError('The code is wrong, or was used before: wait for the next one.', 'TWO_FACTOR_INVALID');
  }
}
