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

export interface FoundPerformance {
  count: number;
  /** One more than asked for, when there are more. */
  rows: FoundRow[];
  totals: { currency: string; current: AdSums; previous: AdSums }[];
}
