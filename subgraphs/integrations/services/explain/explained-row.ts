import { addDays, type DayRange, firstOf, lastOf, monthsBefore } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';

/** The first days of the units of time a row is of. */
export interface DaysOfRow {
  day?: string | null;
  week?: string | null;
  month?: string | null;
}

/** Returns the days of a row. */
export function rangeOf({ day, week, month }: DaysOfRow, range: DayRange): DayRange {
  const start = day ?? week ?? month;
  if (!start) return range;
  const end = day ?? (week ? addDays(week, 6) : addDays(monthsBefore(start, -1), -1));
  return { start: lastOf(start, range.start), end: firstOf(end, range.end) };
}

async function clientless({ database }: Context, accounts: Account[]): Promise<Account[]> {
  const rows = await database.query<{ id: string }[]>(
    `SELECT account_id AS id FROM integrations.client_account
     WHERE organization_id = ANY ($1::uuid[]) AND account_id = ANY ($2::uuid[])`,
    [[...new Set(accounts.map(({ organizationId }) => organizationId))], accounts.map(({ id }) => id)],
  );
  const assigned = new Set(rows.map(({ id }) => id));
  return accounts.filter(({ id }) => !assigned.has(id));
}

/** Returns those of some accounts that are of a client; null = of none. */
export async function accountsOfClient(
  context: Context,
  clientId: string | null,
  accounts: Account[],
): Promise<Account[]> {
  if (!clientId) return clientless(context, accounts);
  const ids = new Set((await context.accountsByClient.load(clientId)).map(({ id }) => id));
  return accounts.filter(({ id }) => ids.has(id));
}
