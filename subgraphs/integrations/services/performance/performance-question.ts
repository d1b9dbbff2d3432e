import type { DayRange } from '#integrations/calendar-day.js';
import type { DayInUnit, TimeUnit } from '#integrations/compared-days.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignRow } from '#integrations/providers/products.js';

/** What figures are grouped by. */
export type Dimension = 'PROVIDER' | 'CLIENT' | 'ACCOUNT' | 'CAMPAIGN' | 'OBJECTIVE' | 'STATUS' | 'CURRENCY' | TimeUnit;

export type Metric =
  | 'IMPRESSIONS'
  | 'CLICKS'
  | 'COST'
  | 'CONVERSIONS'
  | 'CONVERSION_VALUE'
  | 'CTR'
  | 'CPC'
  | 'CPM'
  | 'CPA'
  | 'ROAS';

/** Of the range, of the days it is compared with, or their difference. */
export type MetricValue = 'CURRENT' | 'PREVIOUS' | 'CHANGE' | 'CHANGE_PERCENT';

export interface MetricOrder {
  metric: Metric;
  /** CURRENT by default. */
  value?: MetricValue;
  /** DESC by default. */
  direction?: 'ASC' | 'DESC';
}

/** A condition of rows; exact decimals. */
export interface MetricCondition {
  metric: Metric;
  /** CURRENT by default. */
  value?: MetricValue;
  above?: string | null;
  below?: string | null;
  atLeast?: string | null;
  atMost?: string | null;
}

/** Metrics that are amounts, which do not compare across currencies. */
export const amounts: ReadonlySet<Metric> = new Set(['COST', 'CONVERSION_VALUE', 'CPC', 'CPM', 'CPA']);

/** The days of an account that are not taken from the copy. */
export interface Source {
  account: Account;
  gaps: DayRange[];
}

/** Figures of a campaign on one day that were not copied; amounts in millionths. */
export interface AskedDay {
  accountId: string;
  campaignId: string;
  day: string;
  impressions: number;
  clicks: number;
  costMicros: string;
  conversions: number | null;
  conversionValueMicros: string | null;
}

/** A campaign as its provider lists it now. */
export type ListedCampaign = Omit<CampaignRow, 'metrics'> & { accountId: string };

/** What `performanceStatement` asks the database. */
export interface PerformanceQuestion {
  organizationId: string;
  sources: Source[];
  asked: AskedDay[];
  listed: ListedCampaign[];
  range: DayRange;
  compared: DayRange | null;
  dimensions: Dimension[];
  /** Days with the units they count to; given where a dimension is a unit of time. */
  units?: { current: DayInUnit[]; previous: DayInUnit[] };
  status?: CampaignRow['status'][] | null;
  nameContains?: string | null;
  conditions: MetricCondition[];
  /** null = by time where a dimension is one, else by impressions. */
  order: MetricOrder | null;
  first: number;
  after: [value: string | null, key: string] | null;
}
