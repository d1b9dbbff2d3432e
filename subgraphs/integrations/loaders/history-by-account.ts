import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { addDays, countDays, lastDueDay } from '#integrations/calendar-day.js';

/** Progress of copying an account's days. */
export interface AccountHistoryProgress {
  from: string;
  to: string | null;
  daysDone: number;
  daysTotal: number;
  percent: number;
  status: 'COPYING' | 'FAILING' | 'COMPLETE';
  problem: string | null;
  nextAt: Date;
  updatedAt: Date | null;
  /** How many copied days are to be read again. */
  daysToRefresh: number;
  providerId: string;
  /** null = as the provider's default. */
  ownRestatedDays: number | null;
}

interface Row {
  accountId: string;
  from: string;
  to: string | null;
  timeZone: string;
  daysDone: number;
  problem: string | null;
  nextAt: Date;
  updatedAt: Date | null;
  daysToRefresh: number;
  providerId: string;
  ownRestatedDays: number | null;
}

const HISTORIES = `
  SELECT history.account_id AS "accountId", history.wanted_from::text AS "from", max(known.day)::text AS "to",
    history.time_zone AS "timeZone", count(known.day)::int AS "daysDone", history.problem, history.due_at AS "nextAt",
    history.updated_at AS "updatedAt", count(known.day) FILTER (WHERE known.refresh_ordered_at > known.fetched_at)::int AS "daysToRefresh",
    account.provider_id AS "providerId", account.restated_days AS "ownRestatedDays"
  FROM integrations.account_history AS history
  JOIN integrations.account ON account.organization_id = history.organization_id AND account.id = history.account_id
  LEFT JOIN integrations.history_day AS known
    ON known.organization_id = history.organization_id AND known.account_id = history.account_id
      AND known.day >= history.wanted_from
  WHERE history.account_id = ANY($1) AND history.organization_id = $2
  GROUP BY history.organization_id, history.account_id, account.organization_id, account.id`;

function progressOf({ accountId: _, timeZone, ...row }: Row, now: Date, lagDays: number): AccountHistoryProgress {
  const daysTotal = countDays(row.from, addDays(lastDueDay(timeZone, now), -lagDays));
  // The last day may have been copied early.
  const daysDone = Math.min(row.daysDone, daysTotal);
  const isComplete = daysDone >= daysTotal;
  return {
    ...row,
    daysDone,
    daysTotal,
    percent: isComplete ? 100 : Math.floor((daysDone / daysTotal) * 100),
    status: isComplete ? 'COMPLETE' : row.problem ? 'FAILING' : 'COPYING',
  };
}

/** Loads the copying progress of each account; null where none is copied. */
export function historyByAccount(
  database: DataSource,
  organizationId: string | undefined,
  now: () => Date,
  lagDaysOf: (providerId: string) => number,
): DataLoader<string, AccountHistoryProgress | null> {
  return new DataLoader(async (accountIds) => {
    if (!organizationId) return accountIds.map(() => null);
    const rows = await database.query<Row[]>(HISTORIES, [accountIds, organizationId]);
    const found = new Map(rows.map((row) => [row.accountId, progressOf(row, now(), lagDaysOf(row.providerId))]));
    return accountIds.map((id) => found.get(id) ?? null);
  });
}
