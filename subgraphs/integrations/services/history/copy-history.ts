import { countDays, dayIn, lastOf, NIGHT_HOUR, nextHour } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import type { AccountHistory } from '#integrations/entities/account-history.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { describeUnreadable, type UnreadableRow } from '#integrations/providers/products.js';
import type { DailyHistory } from '#integrations/providers/provider.js';
import { evaluateAlertsSoon } from '#integrations/services/alerts/evaluate-alerts.js';
import { firstIncludedDay } from '#runtime/entitlements/history-days.js';
import { AppError, RateLimited } from '#runtime/errors.js';
import { JobGone } from '#runtime/jobs/job-store.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';
import { claimHistory, releaseHistory } from './claim-history.js';
import { type CopiedDay, dueDays, lastReportedDay, rangesOf } from './due-days.js';
import { copiedKinds } from './kinds/index.js';
import { restatedDaysOf } from './refresh-history.js';
import { saveHistoryDays } from './save-history.js';

const FIRST_PAUSE_MS = 5 * 60 * 1000;
const LONGEST_PAUSE_MS = 6 * 60 * 60 * 1000;
/** Until it is looked again whether the plan includes an account. */
const REFUSED_PAUSE_MS = 60 * 60 * 1000;

export interface HistoryJob {
  accountId: string;
  organizationId: string;
}

interface Work {
  account: Account;
  history: AccountHistory;
  provider: DailyHistory;
  run: JobRun;
}

/** Newest first, stored part by part. Returns an unreadable row, if any: its day is not stored and stays due. */
async function copyDays(
  context: Context,
  { account, history, provider, run }: Work,
): Promise<UnreadableRow | undefined> {
  const { database, services } = context;
  const { accountId, organizationId } = history;
  const kind = copiedKinds[provider.kind];
  const end = lastReportedDay(dayIn(history.timeZone, services.now()), provider);
  // Days that the plan does not include any more are kept, and not read again.
  const included = (await firstIncludedDay(services, organizationId)) ?? history.wantedFrom;
  const wanted = { start: lastOf(history.wantedFrom, included), end };
  const copied = await database.query<CopiedDay[]>(
    `SELECT day::text AS day, fetched_at AS "fetchedAt", is_final AS "isFinal",
       coalesce(refresh_ordered_at > fetched_at, false) AS "isRefreshDue" FROM integrations.history_day
     WHERE account_id = $1 AND organization_id = $2 AND day >= $3`,
    [accountId, organizationId, wanted.start],
  );
  const due = dueDays(copied, wanted.start, wanted.end, services.now());
  if (due.length === 0) return undefined;
  const { daysPerCall, through = wanted.end } = await kind.prepare(context, { account, range: wanted });
  const reported = due.filter((day) => through !== null && day <= through);
  const total = countDays(wanted.start, wanted.end);
  let done = total - due.length;
  let unreadable: UnreadableRow | undefined;
  const restatedDays = restatedDaysOf(account, provider);
  for (const range of rangesOf(reported, daysPerCall)) {
    run.signal.throwIfAborted();
    const askedAt = services.now();
    const found = await kind.read(context, { account, range });
    run.signal.throwIfAborted();
    const isSaved = await saveHistoryDays(context, { history, kind, range, found, askedAt, restatedDays });
    if (!isSaved) return undefined;
    unreadable ??= found.unreadable[0];
    done += countDays(range.start, range.end);
    await run.reportProgress(Math.floor((done / total) * 100));
  }
  return unreadable;
}

/** A rate limit is waited for, and is no failure. */
function afterError({ failures }: AccountHistory, error: unknown, now: Date) {
  const retryAfterMs = error instanceof AppError ? (error.retryAfter ?? 0) * 1000 : 0;
  if (error instanceof RateLimited) {
    return { dueAt: new Date(now.getTime() + Math.max(retryAfterMs, 1000)), failures: 0, problem: null };
  }
  const pauseMs = Math.max(retryAfterMs, Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), LONGEST_PAUSE_MS));
  const problem = error instanceof AppError ? error.message : 'Something went wrong here. It is tried again.';
  return { dueAt: new Date(now.getTime() + pauseMs), failures: failures + 1, problem };
}

/**
 * Copies an account's missing and changeable days, at background priority. Safe to run concurrently. The provider's
 * errors are recorded and retried; a defect of ours is thrown. What the organization's plan does not include is not copied.
 */
export async function copyHistory(context: Context, { accountId, organizationId, run }: HistoryJob & { run: JobRun }) {
  const { database, providers, services } = context;
  const history = await claimHistory(context, { accountId, organizationId });
  if (!history) return;
  const key = { accountId, organizationId };
  const account = await database.manager.findOneBy(AccountEntity, { id: accountId, organizationId });
  const provider = account && providers.find(account.providerId)?.history;
  const isUsable = account?.isActive && account.access !== null;
  const refusal = account && (await context.plan.refusalOfAccount(account));
  if (refusal) {
    const dueAt = new Date(services.now().getTime() + REFUSED_PAUSE_MS);
    await releaseHistory(context, { ...key, dueAt, failures: 0, problem: refusal.message });
    return;
  }
  try {
    const unreadable =
      isUsable && provider && (await inBackground(() => copyDays(context, { account, history, provider, run })));
    const dueAt = nextHour(history.timeZone, NIGHT_HOUR, services.now());
    const problem = unreadable
      ? `${describeProviderById(account.providerId).name} ${describeUnreadable(unreadable)}.`
      : null;
    await releaseHistory(context, { ...history, dueAt, failures: 0, problem });
    await evaluateAlertsSoon(context, organizationId);
  } catch (error) {
    if (run.signal.aborted || error instanceof JobGone) {
      await releaseHistory(context, { ...key, dueAt: services.now(), failures: history.failures, problem: null });
      throw error;
    }
    const next = afterError(history, error, services.now());
    await releaseHistory(context, { ...key, ...next });
    services.logger.warn({ err: error, accountId, organizationId, next: next.dueAt }, 'History copy failed');
    if (!(error instanceof AppError)) throw error;
  }
}
