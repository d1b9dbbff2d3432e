import { type DayRange, dayIn, firstOf, isInRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel } from '#integrations/models.js';
import { settleAll } from '#integrations/services/ask/settle-all.js';
import { findCopiedPart } from '#integrations/services/campaigns/read-campaigns.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { AppError } from '#runtime/errors.js';
import type { AskedFigures, BreakdownGap } from './breakdown-question.js';
import { completeSource, missingSource } from './completeness.js';
import type { FigureDays } from './figure-days.js';

/** What an account's provider has answered about days. */
export interface AskedAnswer {
  fetchedAt: Date;
  isStale: boolean;
  rows: Pick<AskedFigures, 'day' | 'values' | 'figures'>[];
}

export interface BreakdownSource<Answer extends AskedAnswer = AskedAnswer> {
  gaps: BreakdownGap[];
  asked: AskedFigures[];
  completeness: FigureSourceModel;
  /** The answers of the provider; empty where all days are copied. */
  answers: Answer[];
}

/** How the days of accounts are read. */
export interface BreakdownReading<Answer extends AskedAnswer = AskedAnswer> extends FigureDays {
  /** The breakdown that is copied, by its name in `history_day.incomplete`; null = all days are asked. */
  copied: string | null;
  /** Asks an account's provider; undefined = it is not asked. Throws its errors. */
  ask(account: Account, range: DayRange): Promise<Answer | undefined>;
  /** How many days back figures of an account may still change; null = they do not. */
  restatedDaysOf(account: Account): number | null;
}

/** Returns the copied days of accounts, in a range, without all rows of a breakdown, by account. */
async function readIncompleteDays(
  { laggingReads, identity }: Context,
  accounts: Account[],
  { copied, range, compared }: Pick<BreakdownReading, 'copied' | 'range' | 'compared'>,
): Promise<Map<string, string[]>> {
  const days = new Map<string, string[]>();
  if (copied === null || accounts.length === 0) return days;
  const rows = await laggingReads.query<{ accountId: string; day: string }[]>(
    `SELECT account_id AS "accountId", day::text AS day FROM integrations.history_day
     WHERE organization_id = $1 AND account_id = ANY ($2::uuid[]) AND $3 = ANY (incomplete)
       AND (day BETWEEN $4 AND $5 OR day BETWEEN $6 AND $7)`,
    [
      identity.organizationId,
      accounts.map(({ id }) => id),
      copied,
      range.start,
      range.end,
      compared?.start ?? range.start,
      compared?.end ?? range.end,
    ],
  );
  for (const { accountId, day } of rows) days.set(accountId, [...(days.get(accountId) ?? []), day]);
  return days;
}

/** The days of a range that must be asked, up to today; undefined = none. */
async function gapOf(context: Context, account: Account, range: DayRange, isCopied: boolean) {
  const part = isCopied ? await findCopiedPart(context, { account, range }) : null;
  const gap = part ? part.gap : range;
  const today = dayIn(account.timeZone, context.services.now());
  const isAhead = !gap || gap.start > today;
  return {
    gap: isAhead ? undefined : { start: gap.start, end: firstOf(gap.end, today) },
    copiedAt: part?.fetchedAt ?? null,
  };
}

async function readSource<Answer extends AskedAnswer>(
  context: Context,
  account: Account,
  reading: BreakdownReading<Answer>,
  incomplete: string[],
): Promise<BreakdownSource<Answer>> {
  const { range, compared } = reading;
  const parts = await Promise.all(
    [range, ...(compared ? [compared] : [])].map(async (side, index) => {
      const isCopied = reading.copied !== null && !incomplete.some((day) => isInRange(day, side));
      return { isPrevious: index === 1, side, ...(await gapOf(context, account, side, isCopied)) };
    }),
  );
  const gaps = parts.flatMap(({ gap, isPrevious }) => (gap ? [{ accountId: account.id, isPrevious, ...gap }] : []));
  const nothing = { gaps, asked: [], answers: [] };
  const closed = account.isActive ? null : faultOfAccount(account);
  if (closed && gaps.length > 0) return { ...nothing, completeness: missingSource(account, { range, gaps }, closed) };
  try {
    const loading = gaps.map(({ start, end }) => reading.ask(account, { start, end }));
    const answers = await context.pendingAnswers.add(account.connectionId, settleAll(loading));
    const asked = answers.flatMap((answer, index) =>
      (answer?.rows ?? []).map((row) => ({
        accountId: account.id,
        isPrevious: gaps[index]?.isPrevious ?? false,
        day: row.day,
        values: row.values,
        figures: row.figures,
      })),
    );
    const found = answers.flatMap((answer) => answer ?? []);
    const copiedAt = parts.map((part) => part.copiedAt);
    const restatedDays = reading.restatedDaysOf(account);
    const completeness = await completeSource(context, account, range, { found, copiedAt, restatedDays });
    return { gaps, asked, answers: found, completeness };
  } catch (error) {
    // A defect of ours.
    if (!(error instanceof AppError)) throw error;
    return { ...nothing, completeness: missingSource(account, { range, gaps }, error) };
  }
}

/**
 * Returns the days of accounts that are not taken from the copy, from their providers, and how complete each account is. What
 * a provider cannot answer is missing, and said to be.
 */
export async function readBreakdownSources<Answer extends AskedAnswer>(
  context: Context,
  { accounts, ...reading }: BreakdownReading<Answer> & { accounts: Account[] },
): Promise<BreakdownSource<Answer>[]> {
  const incomplete = await readIncompleteDays(context, accounts, reading);
  return Promise.all(
    accounts.map((account) => readSource(context, account, reading, incomplete.get(account.id) ?? [])),
  );
}
