import { EntitySchema } from 'typeorm';

/**
 * That the days of an account are copied, and how that goes on. Which days are in stands in `history_day`, what campaigns
 * did on them in `daily_metrics`, what they are called in `history_campaign`; all of it ends with this row.
 */
export interface AccountHistory {
  accountId: string;
  organizationId: string;
  /** What amounts and days are in. When the account's own differ, nothing here counts any more. */
  currency: string;
  timeZone: string;
  /** The first day that is wanted, as `YYYY-MM-DD`. */
  wantedFrom: string;
  /** When there is something to copy next. */
  dueAt: Date;
  /** Until when it is left to the worker that copies; null = to anybody. */
  claimedUntil: Date | null;
  /** Attempts in a row that came to nothing. */
  failures: number;
  /** Why the last one did, in a sentence. */
  problem: string | null;
  /** When a day was last copied. */
  updatedAt: Date | null;
}

export const AccountHistoryEntity = new EntitySchema<AccountHistory>({
  name: 'AccountHistory',
  tableName: 'account_history',
  columns: {
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    currency: { type: 'text' },
    timeZone: { type: 'text', name: 'time_zone' },
    wantedFrom: { type: 'date', name: 'wanted_from' },
    dueAt: { type: 'timestamptz', name: 'due_at' },
    claimedUntil: { type: 'timestamptz', name: 'claimed_until', nullable: true },
    failures: { type: 'int' },
    problem: { type: 'text', nullable: true },
    updatedAt: { type: 'timestamptz', name: 'updated_at', nullable: true },
  },
});
