import { addDays, dayIn, monthsBefore } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { type AccountHistory, AccountHistoryEntity } from '#integrations/entities/account-history.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import { openHistories } from './open-histories.js';
import { queueDueHistories } from './queue-due-histories.js';
import { firstKeptDay } from './trim-histories.js';

const refusal = (argument: string, problem: string) => new InvalidInput([{ argument, problem }]);

function checkFrom({ providers, services }: Context, account: Account, from: string): void {
  const provider = providers.find(account.providerId);
  if (!provider?.history) throw refusal('accountId', 'is of a provider whose days are not copied');
  const today = dayIn(account.timeZone, services.now());
  if (from > addDays(today, -1)) throw refusal('from', 'must be before today');
  const first = monthsBefore(today, provider.history.months);
  if (from < first) throw refusal('from', `must not be before ${first}: ${provider.name} reports no earlier days`);
  const kept = firstKeptDay(services);
  if (from < kept) throw refusal('from', `must not be before ${kept}: earlier days are not kept here`);
}

/**
 * Requests an account's days from `from` on. Throws NotFound, InvalidInput for an unavailable day, Conflict while no
 * connection opens the account, and LIMIT_REACHED where the plan does not include the account or the days.
 */
export async function backfillHistory(
  context: Context,
  { accountId, from }: { accountId: string; from: string },
): Promise<Account> {
  const { database, identity, services, accountById, historyByAccount } = context;
  const account = existing(await accountById.load(accountId), 'account');
  checkFrom(context, account, from);
  const { id, organizationId } = account;
  const refused = await context.plan.refusalOfAccount(account);
  if (refused) throw refused;
  await requireIncludedDays(services, { organizationId, days: [{ start: from, end: from }] });
  await openHistories(context, { organizationId });
  await database.transaction(async (manager) => {
    const where = { accountId: id, organizationId };
    const history = await manager.findOne<AccountHistory>(AccountHistoryEntity, {
      where,
      lock: { mode: 'pessimistic_write' },
    });
    if (!history) throw new Conflict('This account cannot be opened at the moment: connect it again first.');
    if (history.wantedFrom <= from) return;
    await manager.update(AccountHistoryEntity, where, { wantedFrom: from, dueAt: services.now(), failures: 0 });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'history.ordered',
      target: { type: 'Account', id },
      before: { from: history.wantedFrom },
      after: { from },
    });
  });
  await queueDueHistories(context, { organizationId });
  historyByAccount.clear(id);
  return account;
}
