import { addDays, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { type AccountHistory, AccountHistoryEntity } from '#integrations/entities/account-history.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { lastReportedDay } from './due-days.js';
import { COPY_HISTORY } from './queue-due-histories.js';

/** Returns the first of the contiguous copied days up to `last`. */
function firstWithoutGap(copied: Set<string>, last: string): string {
  let day = last;
  while (copied.has(day)) day = addDays(day, -1);
  return addDays(day, 1);
}

/** Stops copying earlier days: only contiguous copied days and new ones stay requested. Throws NotFound. */
export async function cancelHistoryBackfill(context: Context, { accountId }: { accountId: string }): Promise<Account> {
  const { database, identity, providers, services, accountById, historyByAccount } = context;
  const account = existing(await accountById.load(accountId), 'account');
  const { id, organizationId } = account;
  await database.transaction(async (manager) => {
    const where = { accountId: id, organizationId };
    const history = await manager.findOne<AccountHistory>(AccountHistoryEntity, {
      where,
      lock: { mode: 'pessimistic_write' },
    });
    if (!history) return;
    const rows: { day: string }[] = await manager.query(
      'SELECT day::text AS day FROM integrations.history_day WHERE account_id = $1 AND organization_id = $2',
      [id, organizationId],
    );
    const last = lastReportedDay(
      dayIn(history.timeZone, services.now()),
      providers.find(account.providerId)?.history ?? {},
    );
    const from = firstWithoutGap(new Set(rows.map(({ day }) => day)), last);
    if (from <= history.wantedFrom) return;
    await manager.update(AccountHistoryEntity, where, { wantedFrom: from });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'history.cancelled',
      target: { type: 'Account', id },
      before: { from: history.wantedFrom },
      after: { from },
    });
  });
  await services.jobs.cancel(COPY_HISTORY, id);
  historyByAccount.clear(id);
  return account;
}
