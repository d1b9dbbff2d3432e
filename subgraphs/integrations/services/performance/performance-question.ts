import type { DayRange } from '#integrations/calendar-day.js';
import type { TimeUnit } from '#integrations/compared-days.js';
import type { Account } from '#integrations/entities/account.js';
import type { Breakdown, CampaignRow } from '#integrations/providers/products.js';
import type { ClientScope } from '#integrations/services/figures/dimension-sql.js';
import type { DaysArguments, FigureDays, FigureUnits } from '#integrations/services/figures/figure-days.js';
import type { MetricCondition, MetricOrder } from '#integrations/services/figures/grouping.js';
import type { AfterRow } from '#integrations/services/figures/page-sql.js';
import type { AmountConversion } from '#integrations/services/rates/rates-of-days.js';
import type { PageArguments } from '#kit/page.js';

/** What figures are grouped by. */
export type Dimension =
  | 'PROVIDER'
  | 'CLIENT'
  | 'ACCOUNT'
  | 'CAMPAIGN'
  | 'CAMPAIGN_TYPE'
  | 'OBJECTIVE'
  | 'STATUS'
  | 'CURRENCY'
  | Breakdown
  | TimeUnit;

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

/** Metrics that are amounts, which do not compare across currencies. */
export const amounts: ReadonlySet<Metric> = new Set(['COST', 'CONVERSION_VALUE', 'CPC', 'CPM', 'CPA']);

/** Which figures count. */
export interface PerformanceFilter {
  providers?: string[] | null;
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  status?: CampaignRow['status'][] | null;
  nameContains?: string | null;
  metrics?: MetricCondition<Metric>[] | null;
}

/** What is asked of performance. */
export interface PerformanceArguments extends PageArguments, DaysArguments {
  organizationId: string;
  groupBy: Dimension[];
  filter?: PerformanceFilter | null;
  orderBy?: MetricOrder<Metric> | null;
  /** Amounts are converted into it; null = each stays in its own. */
  currency?: string | null;
}

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
  actions: Record<string, string> | null;
  /** The value that figures are broken down by; given where a dimension is a breakdown. */
  segment?: string | null;
  /** Whether it is of the days that are compared with; given as `segment`. */
  isPrevious?: boolean;
}

/** Returns the breakdown among dimensions. */
export const breakdownOf = (dimensions: readonly Dimension[]): Breakdown | undefined =>
  dimensions.find((one): one is Breakdown => one === 'DEVICE' || one === 'COUNTRY');

/** A campaign as its provider lists it now. */
export type ListedCampaign = Omit<CampaignRow, 'metrics'> & { accountId: string };

/** What `performanceStatement` asks the database. */
export interface PerformanceQuestion extends FigureDays, ClientScope {
  sources: Source[];
  /** Where a dimension is a breakdown, all figures, each of the unit that begins with its day. */
  asked: AskedDay[];
  listed: ListedCampaign[];
  dimensions: Dimension[];
  /** Given where a dimension is a unit of time. */
  units?: FigureUnits;
  /** null = amounts stay in their currencies. */
  amounts: AmountConversion | null;
  status?: CampaignRow['status'][] | null;
  nameContains?: string | null;
  conditions: MetricCondition<Metric>[];
  /** null = by time where a dimension is one, else by impressions. */
  order: MetricOrder<Metric> | null;
  first: number;
  after: AfterRow | null;
}
