/** A campaign's parameters, from which its days are computed. */
export interface Campaign {
  id: string;
  name: string;
  /** The provider's word, such as ENABLED or ARCHIVED. */
  status: string;
  /** A Google channel type, or an objective at Meta or LinkedIn. */
  kind: string;
  seed: number;
  /** First and last day with delivery; null = still running. */
  firstDay: number;
  lastDay: number | null;
  /** Impressions of an ordinary day; 0 = never delivers. */
  dailyImpressions: number;
  weekendPercent: number;
  /** Clicks per 10,000 impressions. */
  clickRate: number;
  /** Orders per 10,000 clicks. */
  orderRate: number;
  /** Both in the smallest unit of the currency. */
  clickPrice: number;
  orderValue: number;
  /** null = one for the whole time, or none of its own. */
  dailyBudget: number | null;
  /** The campaign whose budget this one shares, itself included; at Google Ads. */
  sharesBudgetOf?: string;
  /** Whether its ad sets have budgets, and not the campaign; at Meta. */
  hasAdSetBudgets?: boolean;
  digits: number;
}

export interface Account {
  id: string;
  name: string;
  currency: string;
  digits: number;
  timeZone: string;
  status: string;
  manager: boolean;
  /** Ids of the people with access, and of those with access without a manager. */
  people: readonly string[];
  directPeople: readonly string[];
  campaigns: readonly Campaign[];
}
