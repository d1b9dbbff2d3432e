import { EntitySchema } from 'typeorm';

/** A plan on offer. A new one is a row, never code. */
export interface Plan {
  id: string;
  /** The sort order, the smallest plan first. */
  position: number;
  name: string;
  description: string;
  /** Millionths of the currency's unit. */
  monthlyPriceMicros: bigint;
  currency: string;
  /** null = no limit. */
  maxConnections: number | null;
  /** null = no limit. */
  maxMembers: number | null;
  /** The limits of each person and API key. */
  requestsPerMinute: number;
  costPerMinute: number;
}

export const PlanEntity = new EntitySchema<Plan>({
  name: 'Plan',
  tableName: 'plan',
  columns: {
    id: { type: 'text', primary: true },
    position: { type: 'integer' },
    name: { type: 'text' },
    description: { type: 'text' },
    monthlyPriceMicros: { type: 'bigint', name: 'monthly_price_micros', transformer: { from: BigInt, to: String } },
    currency: { type: 'text' },
    maxConnections: { type: 'integer', name: 'max_connections', nullable: true },
    maxMembers: { type: 'integer', name: 'max_members', nullable: true },
    requestsPerMinute: { type: 'integer', name: 'requests_per_minute' },
    costPerMinute: { type: 'integer', name: 'cost_per_minute' },
  },
});
