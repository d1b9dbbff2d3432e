import { EntitySchema } from 'typeorm';

/** The copy of an account's days, in `history_day` and the tables of its kind; all end with this row. */
export interface AccountHistory {
  accountId: string;
  organizationId: string;
  /** The copy is void when the account's currency or time zone differs. */
  currency: string | null;
  timeZone: string;
  /** The first requested day, `YYYY-MM-DD`. */
  wantedFrom: string;
  dueAt: Date;
  claimedUntil: Date | null;
  /** Consecutive failures. */
  failures: number;
  /** The last failure, as a sentence. */
  problem: string | null;
  /** When a day was last copied. */
  updatedAt: Date | null;
}

export const AccountHistoryEntity = new EntitySchema<AccountHistory>({
  name: 'AccountHistory',
  tableName: 'account_history',
  columns: {
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    currency: { type: 'text', nullable: true },
    timeZone: { type: 'text', name: 'time_zone' },
    wantedFrom: { type: 'date', name: 'wanted_from' },
    dueAt: { type: 'timestamptz', name: 'due_at' },
    claimedUntil: { type: 'timestamptz', name: 'claimed_until', nullable: true },
    failures: { type: 'int' },
    problem: { type: 'text', nullable: true },
    updatedAt: { type: 'timestamptz', name: 'updated_at', nullable: true },
  },
});
