import { addDays, type DayRange, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import type { DailyHistory } from '#integrations/providers/provider.js';
import { checkRange } from '#integrations/services/campaigns/check-range.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';
import { queueDueHistories } from './queue-due-histories.js';

/** Google Ads attributes conversions up to 90 days after the click, the longest of all providers. */
const MAX_RESTATED_DAYS = 90;

/** Returns how many days of an account may still change. */
export const restatedDaysOf = ({ restatedDays }: Pick<Account, 'restatedDays'>, history: DailyHistory): number =>
  restatedDays ?? history.restatedDays;

function historyOf({ providers }: Context, { providerId }: Account): DailyHistory {
  const history = providers.find(providerId)?.history;
  if (!history) throw refusal('accountId', 'is of a provider whose days are not copied');
  return history;
}

// Days are served as they are until they have been read again.
const MARK = `
  WITH marked AS (
    UPDATE integrations.history_day SET refresh_ordered_at = $5
    WHERE account_id = $1 AND organization_id = $2 AND day BETWEEN $3 AND $4 AND fetched_at < $5
      AND (refresh_ordered_at > fetched_at) IS NOT TRUE
    RETURNING day
  ), due AS (
    UPDATE integrations.account_history SET due_at = least(due_at, $5), failures = 0
    WHERE account_id = $1 AND organization_id = $2 AND EXISTS (SELECT FROM marked)
  )
  SELECT count(*)::int AS count FROM marked`;

/**
 * Has the copied days of a range read again, for conversions that arrived late. Idempotent. Throws NotFound,
 * InvalidInput for a range without copied days, and LIMIT_REACHED where the plan does not include the account or the days.
 */
export async function refreshHistory(
  context: Context,
  { accountId, range }: { accountId: string; range: DayRange },
): Promise<Account> {
  const { database, identity, services, accountById, historyByAccount } = context;
  const account = existing(await accountById.load(accountId), 'account');
  historyOf(context, account);
  checkRange(range, services.now());
  const { id, organizationId } = account;
  const refused = await context.plan.refusalOfAccount(account);
  if (refused) throw refused;
  await requireIncludedDays(services, { organizationId, days: [range] });
  await database.transaction(async (manager) => {
    const key = [id, organizationId, range.start, range.end];
    const [{ count }] = await manager.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM integrations.history_day
       WHERE account_id = $1 AND organization_id = $2 AND day BETWEEN $3 AND $4`,
      key,
    );
    if (count === 0) throw refusal('range', 'has no copied day: earlier days are ordered with backfillHistory');
    const [marked] = await manager.query<[{ count: number }]>(MARK, [...key, services.now()]);
    if (marked.count === 0) return;
    await recordAudit(manager, identity, {
      organizationId,
      action: 'history.refreshed',
      target: { type: 'Account', id },
      after: { from: range.start, to: range.end, days: marked.count },
    });
  });
  await queueDueHistories(context, { organizationId });
  historyByAccount.clear(id);
  return account;
}

/**
 * Sets for how many days the figures of an account may change and are read again each night; null = as its provider
 * attributes conversions by default. Days that may change again are read at once. Throws NotFound and InvalidInput.
 */
export async function setRestatedDays(
  context: Context,
  { accountId, days }: { accountId: string; days?: number | null },
): Promise<Account> {
  const { database, identity, services, accountById, historyByAccount } = context;
  const account = existing(await accountById.load(accountId), 'account');
  const history = historyOf(context, account);
  const restatedDays = days ?? null;
  if (restatedDays !== null && (restatedDays < 1 || restatedDays > MAX_RESTATED_DAYS)) {
    throw refusal('days', `must be 1 to ${MAX_RESTATED_DAYS}`);
  }
  const { id, organizationId } = account;
  await database.transaction(async (manager) => {
    const where = { id, organizationId };
    const before = await manager.findOne(AccountEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!before || before.restatedDays === restatedDays) return;
    await manager.update(AccountEntity, where, { restatedDays });
    const today = dayIn(account.timeZone, services.now());
    const [was, is] = [restatedDaysOf(before, history), restatedDaysOf({ restatedDays }, history)];
    if (is > was)
      await manager.query(MARK, [id, organizationId, addDays(today, -is), addDays(today, -was - 1), services.now()]);
    await recordAudit(manager, identity, {
      organizationId,
      action: 'history.restated-days-set',
      target: { type: 'Account', id },
      before: { restatedDays: before.restatedDays },
      after: { restatedDays },
    });
  });
  await queueDueHistories(context, { organizationId });
  historyByAccount.clear(id);
  return { ...account, restatedDays };
}
