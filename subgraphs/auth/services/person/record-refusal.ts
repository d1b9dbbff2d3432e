import { inTransaction, type ServiceContext } from '#auth/context.js';
import type { Person } from '#auth/entities/person.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';

/**
 * Records a refused sign-in in the person's audit trails, or in the log. In the background: the time of the answer must
 * not reveal accounts.
 */
export function recordRefusal(context: ServiceContext, { person }: { person: Person | null }): void {
  const { logger } = context.services;
  if (!person) {
    logger.audit({ address: context.identity.client?.address }, 'Sign-in refused: unknown address');
    return;
  }
  const personId = person.id;
  void inTransaction(context, (transaction) =>
    recordPersonAudit(transaction, { personId, action: 'session.refused' }),
  ).catch((error) => logger.warn({ err: error, personId }, 'Sign-in refusal not recorded'));
}
