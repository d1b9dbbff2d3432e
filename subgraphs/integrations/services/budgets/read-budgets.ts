import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Budget } from '#integrations/entities/budget.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import type { BudgetModel } from '#integrations/models.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';
import { budgetPace } from './budget-pace.js';
import { type Member, membersOf } from './budget-target.js';
import { EFFECTIVE_BUDGETS } from './effective-budgets.js';
import { HISTORY_DAYS } from './spend-pattern.js';
import { readTargetDays, spendOf, type TargetDays, todayOf } from './target-days.js';

const MAX_CLIENTS = 200;
const MAX_ACCOUNTS = 100;

const position = z.tuple([z.string()]);

export interface BudgetFilter {
  clientIds?: string[] | null;
  accountIds?: string[] | null;
}

export interface BudgetsArguments extends PageArguments {
  organizationId: string;
  timeZone: string;
  month?: string | null;
  filter?: BudgetFilter | null;
}

/** A budget with the accounts it counts. */
export interface CountedBudget {
  key: string;
  budget: Budget & { amountMicros: string };
  members: Member[];
}

/** Returns the days of the month that begins with a day. */
export function monthOf(first: string): DayRange {
  const start = Temporal.PlainDate.from(first).with({ day: 1 });
  return { start: start.toString(), end: start.with({ day: start.daysInMonth }).toString() };
}

const keyOf = ({ targetKey, currency }: Budget) => `${targetKey} ${currency}`;

/** The same for the same target, currency and month, whether the budget was set for it or repeats. */
const idOf = (budget: Budget, month: string) =>
  createHash('sha256')
    .update(`${budget.organizationId} ${keyOf(budget)} ${month}`)
    .digest('base64url')
    .slice(0, 22);

/**
 * Returns the budgets of a month with the accounts they count, as far as the caller sees their targets. `condition` may use
 * further parameters, from $3 on.
 */
export async function listBudgets(
  context: Context,
  { organizationId, month, condition = 'true', values = [] }: BudgetSelection,
): Promise<CountedBudget[]> {
  const rows = await context.database.query<CountedBudget['budget'][]>(EFFECTIVE_BUDGETS(condition), [
    organizationId,
    month,
    ...values,
  ]);
  const counted = await Promise.all(
    rows.map(async (budget) => {
      const isSeen = budget.clientId ? await context.clientById.load(budget.clientId) : true;
      const all = isSeen ? await membersOf(context, budget) : [];
      const members = all.filter(({ account }) => account.currency === budget.currency);
      return { key: keyOf(budget), budget, members, isSeen: isSeen && (budget.clientId || members.length > 0) };
    }),
  );
  return counted.flatMap(({ isSeen, ...one }) => (isSeen ? [one] : []));
}

interface BudgetSelection {
  organizationId: string;
  month: string;
  condition?: string;
  values?: unknown[];
}

/** Returns the days that say how a month goes on: its own up to today, and the weeks that patterns are read from. */
export function daysOfPace(month: DayRange, today: string): DayRange {
  const last = firstOf(today, month.end);
  return { start: firstOf(month.start, addDays(last, -HISTORY_DAYS)), end: last };
}

/** Returns how a budget goes on, from the days of its accounts. */
export function paceOf(
  { budget, members }: CountedBudget,
  { days, month, now, settledDays }: { days: TargetDays; month: DayRange; now: Date; settledDays?: number },
) {
  const accounts = members.map(({ account }) => account);
  const today = todayOf(accounts, now);
  const range = daysOfPace(month, today);
  const spend = spendOf(days, { accounts, range, today, ...(settledDays && { settledDays }) });
  return budgetPace({ amount: BigInt(budget.amountMicros), month, today, spend });
}

async function modelsOf(
  context: Context,
  { organizationId, month, budgets }: { organizationId: string; month: DayRange; budgets: CountedBudget[] },
): Promise<BudgetModel[]> {
  const now = context.services.now();
  const accounts = budgets.flatMap(({ members }) => members.map(({ account }) => account));
  const ranges = accounts.map((account) => daysOfPace(month, todayOf([account], now)));
  const range = {
    start: firstOf(month.start, ...ranges.map(({ start }) => start)),
    end:
      ranges
        .map(({ end }) => end)
        .sort()
        .at(-1) ?? month.end,
  };
  const days = await readTargetDays(context, { organizationId, targets: budgets, range });
  return budgets.map((counted) => {
    const own = days.get(counted.key) as TargetDays;
    const { budget, members } = counted;
    return {
      id: idOf(budget, month.start),
      budget,
      month: month.start,
      campaigns: budget.campaignIds && members.flatMap(campaignsOf),
      pace: paceOf(counted, { days: own, month, now }),
      sources: own.sources ?? [],
      order: '',
    };
  });
}

const campaignsOf = ({ account, campaignIds }: Member) =>
  (campaignIds ?? []).map((externalId) => ({ account, externalId }));

/** Returns the budgets of one target in a month. */
export async function readBudgetsOf(
  context: Context,
  { organizationId, month, targetKey }: { organizationId: string; month: string; targetKey: string },
): Promise<BudgetModel[]> {
  const selection = { organizationId, month, condition: 'target_key = $3', values: [targetKey] };
  const budgets = await listBudgets(context, selection);
  return modelsOf(context, { organizationId, month: monthOf(month), budgets });
}

/** Those of clients, of accounts, and of campaigns of the accounts. */
async function selectionOf(context: Context, { organizationId, filter }: BudgetsArguments, month: string) {
  const { clientIds, accountIds } = filter ?? {};
  checkSize('filter.clientIds', clientIds, MAX_CLIENTS);
  checkSize('filter.accountIds', accountIds, MAX_ACCOUNTS);
  const clients = await Promise.all(
    (clientIds ?? []).map(async (id) => existing(await context.clientById.load(id), 'client')),
  );
  const accounts = await Promise.all(
    (accountIds ?? []).map(async (id) => existing(await context.accountById.load(id), 'account')),
  );
  const all = await listBudgets(context, { organizationId, month });
  const wantedClients = clientIds && new Set(clients.map(({ id }) => id));
  const wantedAccounts = accountIds && new Set(accounts.map(({ id }) => id));
  return all.filter(
    ({ budget: { clientId }, members }) =>
      (!wantedClients || (clientId !== null && wantedClients.has(clientId))) &&
      (!wantedAccounts || (clientId === null && members.some(({ account }) => wantedAccounts.has(account.id)))),
  );
}

/** Furthest over the pace first, then those without a pace; comparable as text. */
function orderOf({ pace, id }: { pace: number | null; id: string }): string {
  const place =
    pace === null ? '~' : String(10 ** 12 - Math.round(Math.min(pace, 10 ** 6 - 1) * 10 ** 6)).padStart(13, '0');
  return `${place} ${id}`;
}

/**
 * Returns a page of the budgets of a month with what was spent, those furthest over their pace first. Throws InvalidInput,
 * NotFound for an unknown client or account, and LIMIT_REACHED for a month that the plan does not include.
 */
export async function readBudgets(
  context: Context,
  given: BudgetsArguments,
): Promise<Page<BudgetModel> & { totalCount: number; month: string }> {
  const { organizationId, timeZone, first, after } = given;
  checkPageSize(first);
  const month = monthOf(given.month ?? dayIn(timeZone, context.services.now()));
  if (given.month && given.month !== month.start) throw refusal('month', 'must be the first day of a month');
  await requireIncludedDays(context.services, { organizationId, days: [month] });
  const budgets = await selectionOf(context, given, month.start);
  const found = await modelsOf(context, { organizationId, month, budgets });
  const sorted = found
    .map((one) => ({ ...one, order: orderOf({ pace: one.pace.pace, id: one.id }) }))
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const [last] = after ? readCursor(position, after) : [null];
  const rest = last === null ? sorted : sorted.filter(({ order }) => order > last);
  return { ...pageOf(rest, given, ({ order }) => [order]), totalCount: sorted.length, month: month.start };
}
