import { addDays, countDays, dayIn, NIGHT_HOUR, nextHour } from '#integrations/calendar-day.js';
import { type Account, AccountEntity } from '#integrations/entities/account.js';
import type { AccountHistory } from '#integrations/entities/account-history.js';
import type { Equipment } from '#integrations/equipment.js';
import type { DayRange, FoundOf } from '#integrations/providers/products.js';
import type { DailyHistory } from '#integrations/providers/provider.js';
import { askProvider } from '#integrations/services/ask/ask-provider.js';
import { AppError, RateLimited } from '#runtime/errors.js';
import { JobGone } from '#runtime/jobs/job-store.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { inBackground } from '#runtime/scope/priority.js';
import { claimHistory, releaseHistory } from './claim-history.js';
import { type CopiedDay, dueDays, rangesOf } from './due-days.js';
import { saveHistoryCampaigns } from './save-history-campaigns.js';
import { saveHistoryDays } from './save-history-days.js';

/** What one call brings into memory at most: with more, a worker would need 300 MB. LinkedIn cuts off at 15,000. */
const ROWS_PER_CALL = 6_000;
/** Meta tells about at most 90 days one by one. https://developers.facebook.com/docs/marketing-api/insights/parameters */
const DAYS_PER_CALL = 90;

const FIRST_PAUSE_MS = 5 * 60 * 1000;
const LONGEST_PAUSE_MS = 6 * 60 * 60 * 1000;

/** Whose days a job copies. */
export interface HistoryJob {
  accountId: string;
  organizationId: string;
}

interface Work {
  equipment: Equipment;
  account: Account;
  history: AccountHistory;
  provider: DailyHistory;
  run: JobRun;
}

async function ask<Name extends 'campaigns' | 'campaignDays'>(
  { equipment, account }: Work,
  product: Name,
  range: DayRange,
): Promise<FoundOf<Name>> {
  const [answer] = await askProvider(equipment, product, [{ account, range } as never]);
  if (answer instanceof Error) throw answer;
  return answer as FoundOf<Name>;
}

/** Copies what is missing, the newest days first. What is in stays in whatever happens to the rest. */
async function copyDays(work: Work): Promise<void> {
  const { equipment, account, history, provider, run } = work;
  const { database, services } = equipment;
  const { accountId, organizationId } = history;
  const wanted = { start: history.wantedFrom, end: addDays(dayIn(history.timeZone, services.now()), -1) };
  const copied = await database.query<CopiedDay[]>(
    `SELECT day::text AS day, fetched_at AS "fetchedAt", is_final AS "isFinal" FROM integrations.history_day
     WHERE account_id = $1 AND organization_id = $2 AND day >= $3`,
    [accountId, organizationId, wanted.start],
  );
  const due = dueDays(copied, wanted.start, wanted.end, services.now());
  if (due.length === 0) return;
  const campaigns = await ask(work, 'campaigns', wanted);
  await saveHistoryCampaigns(database, account, campaigns);
  const size = Math.max(1, Math.min(DAYS_PER_CALL, Math.floor(ROWS_PER_CALL / Math.max(1, campaigns.length))));
  const total = countDays(wanted.start, wanted.end);
  let done = total - due.length;
  for (const range of rangesOf(due, size)) {
    run.signal.throwIfAborted();
    const askedAt = services.now();
    const found = await ask(work, 'campaignDays', range);
    run.signal.throwIfAborted();
    const told = { range, found, askedAt, restatedDays: provider.restatedDays };
    if (!(await saveHistoryDays(database, history, told))) return;
    done += countDays(range.start, range.end);
    await run.reportProgress(Math.floor((done / total) * 100));
  }
}

/** What is next after an error. A limit is waited for, as long as the provider says; that is no failure. */
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
 * Copies the days of one account that are not in yet, and those that may have changed, in the background: people's
 * questions come first. Safe to call again and at the same time: one caller does the work, and what it has done stays
 * done. What the provider fails with is written down and tried again later; what nobody expected is thrown.
 */
export async function copyHistory(equipment: Equipment, { accountId, organizationId }: HistoryJob, run: JobRun) {
  const { database, providers, services } = equipment;
  const history = await claimHistory(database, { accountId, organizationId }, services.now());
  if (!history) return;
  const account = await database.manager.findOneBy(AccountEntity, { id: accountId, organizationId });
  const provider = account && providers.find(account.providerId)?.history;
  const isUsable = account?.isActive && account.access !== null;
  try {
    if (isUsable && provider) await inBackground(() => copyDays({ equipment, account, history, provider, run }));
    const dueAt = nextHour(history.timeZone, NIGHT_HOUR, services.now());
    await releaseHistory(database, history, { dueAt, failures: 0, problem: null, wantedFrom: history.wantedFrom });
  } catch (error) {
    if (run.signal.aborted || error instanceof JobGone) {
      await releaseHistory(database, history, { dueAt: services.now(), failures: history.failures, problem: null });
      throw error;
    }
    const next = afterError(history, error, services.now());
    await releaseHistory(database, history, next);
    services.logger.warn({ err: error, accountId, organizationId, next: next.dueAt }, 'Days could not be copied');
    if (!(error instanceof AppError)) throw error;
  }
}
