import { EntitySchema } from 'typeorm';

/** How much may be spent on a target in a month; the last repeated one holds for later months, too. */
export interface Budget {
  id: string;
  organizationId: string;
  /** What it is for: see `targetKeyOf`. */
  targetKey: string;
  clientId: string | null;
  accountId: string | null;
  /** Opaque ids of campaigns, sorted; null for other targets. */
  campaignIds: string[] | null;
  currency: string;
  /** Its first day, `YYYY-MM-DD`. */
  month: string;
  repeats: boolean;
  /** In millionths; null = there is none from this month on, or in this month. */
  amountMicros: string | null;
}

export const BudgetEntity = new EntitySchema<Budget>({
  name: 'Budget',
  tableName: 'budget',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    targetKey: { type: 'text', name: 'target_key' },
    clientId: { type: 'uuid', name: 'client_id', nullable: true },
    accountId: { type: 'uuid', name: 'account_id', nullable: true },
    campaignIds: { type: 'text', array: true, name: 'campaign_ids', nullable: true },
    currency: { type: 'text' },
    month: { type: 'date' },
    repeats: { type: 'boolean' },
    amountMicros: { type: 'numeric', name: 'amount_micros', nullable: true },
  },
});
