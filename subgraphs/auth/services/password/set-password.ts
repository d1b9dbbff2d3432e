import { IsNull, MoreThan } from 'typeorm';
import type { TransactionContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import type { Session } from '#auth/entities/session.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { passwordChangedMail } from '#auth/mails/password-mails.js';
import { personEntries, recordAudits } from '#auth/services/audit/record-audits.js';
import { withdrawOneTimeTokens } from '#auth/services/link/one-time-token.js';
import { endSessions, sessionEnds } from '#auth/services/session/end-sessions.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { quotedName } from '#runtime/name.js';

interface NewPassword {
  person: Pick<Person, 'id' | 'email'>;
  passwordHash: string;
  how: 'changed' | 'reset';
  /** undefined = all sessions end. */
  keepSession?: string;
  /** Further events of the transaction. */
  entries?: AuditEntry[];
}

const MAX_NAMED_KEYS = 100;

async function namesOfKeys({ services, manager }: TransactionContext, personId: string): Promise<string[]> {
  const keys = await manager.find(ApiKeyEntity, {
    where: { createdBy: personId, revokedAt: IsNull(), expiresAt: MoreThan(services.now()) },
    order: { createdAt: 'DESC' },
    take: MAX_NAMED_KEYS,
  });
  return keys.map(({ name }) => quotedName(name));
}

/**
 * Replaces a password, withdraws links, ends sessions and queues a notice. Call it last in the transaction. Returns the
 * ended sessions, for `forgetSessions`.
 */
export async function setPassword(
  transaction: TransactionContext,
  { person, passwordHash, how, keepSession, entries = [] }: NewPassword,
): Promise<Session[]> {
  const { manager } = transaction;
  const { id: personId, email } = person;
  await manager.update(PersonEntity, { id: personId }, { passwordHash });
  await withdrawOneTimeTokens(transaction, { personId, purpose: 'RESET_PASSWORD' });
  // A thief may have requested it.
  await withdrawOneTimeTokens(transaction, { personId, purpose: 'CONFIRM_EMAIL_CHANGE' });
  const mail = passwordChangedMail(how, {
    origin: describeOrigin(transaction),
    keys: await namesOfKeys(transaction, personId),
  });
  await queueMail(manager, { recipient: email, kind: `password-${how}`, ...mail });
  const ended = await endSessions(transaction, { personId, except: keepSession });
  await recordAudits(transaction, [
    ...entries,
    ...(await personEntries(transaction, { personId, action: `password.${how}` })),
    ...sessionEnds(ended, how === 'changed' ? 'PASSWORD_CHANGED' : 'PASSWORD_RESET'),
  ]);
  return ended;
}
