/** What decides a campaign's whole history; nothing about any day is stored. */
export interface Campaign {
  id: string;
  name: string;
  /** In the provider's own words: ENABLED, PAUSED, REMOVED or ACTIVE, PAUSED, ARCHIVED, DELETED, DRAFT and the like. */
  status: string;
  /** The provider's campaign kind: a Google channel type, an objective at Meta or LinkedIn. */
  kind: string;
  seed: number;
  /** First and last day with delivery; null = still running. */
  firstDay: number;
  lastDay: number | null;
  /** Impressions of an ordinary day; 0 = a campaign that never delivers. */
  dailyImpressions: number;
  weekendPercent: number;
  /** Clicks per 10,000 impressions. */
  clickRate: number;
  /** Orders per 10,000 clicks. */
  orderRate: number;
  /** Both in the smallest unit the currency has. */
  clickPrice: number;
  orderValue: number;
  dailyBudget: number | null;
  /** Decimal places of the account's currency. */
  digits: number;
}

export interface Account {
  id: string;
  name: string;
  currency: string;
  /** Decimal places of the currency: 0 for JPY. */
  digits: number;
  timeZone: string;
  status: string;
  manager: boolean;
  /** Ids of the people who can open it, and of those who can do so without going through a manager. */
  people: readonly string[];
  directPeople: readonly string[];
  campaigns: readonly Campaign[];
}
