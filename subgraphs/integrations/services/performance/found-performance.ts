import type { CampaignBudget } from '#integrations/providers/products.js';

/** A row of the answer: sums as exact text, amounts in millionths. */
export interface FoundRow {
  dimensions: (string | null)[];
  currency: string;
  /** What the row is ordered by. */
  sortedBy: string | null;
  key: string;
  current: AdSums;
  previous: AdSums;
  /** Given where a dimension is CAMPAIGN; null for one that is nowhere listed. */
  campaign: {
    name: string;
    status: string;
    providerStatus: string;
    objective: string | null;
    type: string | null;
    budget: CampaignBudget | null;
  } | null;
}

/** Exact sums; amounts in millionths. */
export interface AdSums {
  impressions: string;
  clicks: string;
  cost: string;
  conversions: string | null;
  value: string | null;
}

/** Sums in one currency. */
export type FoundTotal = Pick<FoundRow, 'currency' | 'current' | 'previous'>;

/** How often one thing was done, by campaigns of one provider and objective that report the same types of actions. */
export interface FoundAction {
  /** Of the row; of totals, the currency. */
  key: string;
  isPrevious: boolean;
  providerId: string;
  objective: string | null;
  types: string;
  type: string;
  value: string;
}

/** How often people did what, as decimals by the provider's word for it. */
export interface ActionSums {
  actions: Record<string, string>;
  /** Of what campaigns are for. */
  results: Record<string, string>;
}

export interface FoundActions {
  rows: FoundAction[];
  totals: FoundAction[];
}

export interface FoundPerformance {
  count: number;
  /** How many figures by campaign and day were read. */
  daysRead: number;
  /** One more than asked for, when there are more. */
  rows: FoundRow[];
  totals: FoundTotal[];
}
