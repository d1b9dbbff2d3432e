// Resolver parents that differ from their GraphQL type (read by `npm run schema`).

import type Big from 'big.js';
import type { Page } from '#kit/page.js';
import type { DayRange } from './calendar-day.js';
import type { Account } from './entities/account.js';
import type { Alert } from './entities/alert.js';
import type { AlertRule } from './entities/alert-rule.js';
import type { Annotation } from './entities/annotation.js';
import type { Budget } from './entities/budget.js';
import type { Client } from './entities/client.js';
import type { Connection } from './entities/connection.js';
import type { SavedView } from './entities/saved-view.js';
import type { FaultCode, Remedy } from './faults/fault-code.js';
import type { AccountHistoryProgress } from './loaders/history-by-account.js';
import type { FigureFindingCode } from './providers/figure-facts.js';
import type {
  AdMetrics,
  AnalyticsField,
  AnalyticsQuality,
  AnalyticsReport,
  CampaignBudget,
  CampaignGroupRow,
  CampaignPartRow,
  CampaignRow,
  Device,
  LocationRow,
  PostRow,
  UnreadableRow,
} from './providers/products.js';
import type { LimitUse } from './quota/kinds/limit-kind.js';
import type { BudgetForecast, BudgetPace } from './services/budgets/budget-pace.js';
import type { CampaignRanking } from './services/campaigns/campaign-ranking.js';
import type { FoundSums } from './services/figures/grouped-statement.js';
import type { ActionSums, AdSums } from './services/performance/found-performance.js';
import type { Metric } from './services/performance/performance-question.js';

export type IntegrationModel = Connection;
export type ProviderQuotaModel = LimitUse;
export type AccountModel = Account;
export type FaultModel = {
  code: FaultCode;
  message: string;
  remedy: Remedy;
  since: Date | null;
  account: Account | null;
};
export type ClientModel = Client;
export type OrganizationModel = {
  id: string;
  /** From the auth subgraph when days are requested. */
  timeZone?: string;
};
export type CampaignModel = Omit<CampaignRow, 'metrics'> & { account: Account };
export type CampaignBudgetModel = CampaignBudget & { currency: string };
export type AlertModel = Alert;
export type AlertRuleModel = AlertRule;
/** A budget in one month; amounts in millionths. */
export interface BudgetModel {
  id: string;
  budget: Budget & { amountMicros: string };
  /** Its first day. */
  month: string;
  campaigns: { account: Account; externalId: string }[] | null;
  pace: BudgetPace;
  sources: FigureSourceModel[];
  /** The place in a list. */
  order: string;
}
export type BudgetForecastModel = BudgetForecast & Pick<BudgetModel, 'budget' | 'month' | 'pace'>;
export type CampaignMetricsModel = AdMetrics & {
  currency: string;
  /** Absent in sums over several. */
  campaign?: Pick<CampaignModel, 'account' | 'objective'>;
};
export type CampaignGroupModel = Omit<CampaignGroupRow, 'campaignIds'>;
export type PartOfCampaign = Omit<CampaignPartRow, 'metrics'> & { metrics: CampaignMetricsModel };
export type AdGroupModel = PartOfCampaign;
export type AdModel = PartOfCampaign;
export type KeywordModel = PartOfCampaign;
export type DailyMetricsModel = {
  date: string;
  metrics: CampaignMetricsModel | null;
  unreadable: UnreadableRowModel[];
  fetchedAt: Date;
};
export type AccountHistoryModel = AccountHistoryProgress;
export type FreshnessModel = { fetchedAt: Date; isStale: boolean; ageSeconds: number };
export type UnreadableRowModel = UnreadableRow & { account: Account };
interface AccountList {
  account: Account;
  freshness: FreshnessModel | null;
  unreadable: UnreadableRowModel[];
}
export type CampaignConnectionModel = Page<CampaignModel> &
  AccountList & { totalCount: number; reportedThrough: string | null };
export type PageOfParts = Page<PartOfCampaign> &
  AccountList & {
    totalCount: number;
    totals: CampaignMetricsModel | null;
    range: DayRange;
    /** Why the provider has none for the campaign. */
    notOffered: string | null;
    reportedThrough: string | null;
  };
export type AdGroupConnectionModel = PageOfParts;
export type AdConnectionModel = PageOfParts;
export type KeywordConnectionModel = PageOfParts;
/** Sums as exact decimals. */
export type SearchMetricsModel = Record<'clicks' | 'impressions' | 'positions', string>;
export type SearchTotalModel = Explainable<SearchMetricsModel> & {
  metrics: SearchMetricsModel;
  previous: SearchMetricsModel | null;
};
export type SearchChangeModel = { metrics: SearchMetricsModel; previous: SearchMetricsModel };
export type SearchQueryRowModel = SearchTotalModel & {
  query: string | null;
  page: string | null;
  country: string | null;
  device: Device | null;
  account: Account | null;
  clientId: string | null;
  day: string | null;
  week: string | null;
  month: string | null;
};
export type SearchSourceModel = FigureSourceModel & { isTruncated: boolean };
export type SearchQueryConnectionModel = Page<SearchQueryRowModel> & {
  range: DayRange;
  compared: DayRange | null;
  totalCount: number;
  totals: SearchTotalModel;
  sources: SearchSourceModel[];
  unreadable: UnreadableRowModel[];
};
/** Figures by column as exact decimals, and further metrics by Google's name. */
export type AnalyticsMetricsModel = {
  figures: Record<string, string | null>;
  currency: string | null;
  further: Map<string, string | null>;
};
export type AnalyticsChangeModel = { metrics: AnalyticsMetricsModel; previous: AnalyticsMetricsModel };
export type AnalyticsTotalModel = Explainable<AnalyticsMetricsModel> & {
  currency: string | null;
  metrics: AnalyticsMetricsModel;
  previous: AnalyticsMetricsModel | null;
};
export type AnalyticsRowModel = AnalyticsTotalModel &
  Record<
    'channel' | 'sourceMedium' | 'campaign' | 'device' | 'country' | 'landingPage' | 'page' | 'event',
    string | null
  > & {
    values: { dimension: string; value: string }[];
    account: Account | null;
    clientId: string | null;
    day: string | null;
    week: string | null;
    month: string | null;
  };
export type AnalyticsSourceModel = FigureSourceModel & {
  isTruncated: boolean;
  quality: Pick<AnalyticsQuality, 'isSampled' | 'isThresholded' | 'hasOtherRow'> | null;
};
export type AnalyticsConnectionModel = Page<AnalyticsRowModel> & {
  range: DayRange;
  compared: DayRange | null;
  totalCount: number;
  totals: AnalyticsTotalModel;
  sources: AnalyticsSourceModel[];
  unreadable: UnreadableRowModel[];
};
export type AnalyticsFieldModel = AnalyticsField & {
  account: Account;
  /** null = a dimension. */
  kind: AnalyticsReport['metrics'][number]['kind'] | null;
};
export type AnalyticsCatalogueModel = Record<'dimensions' | 'metrics', AnalyticsFieldModel[]>;
export type BusinessLocationConnectionModel = Page<BusinessLocationModel> & AccountList;
export type CurrencyCampaignsModel = {
  currency: string;
  ranking: CampaignRanking;
  accounts: ReadonlyMap<string, Account>;
};
export type OrganizationCampaignConnectionModel = Page<CampaignModel> & {
  /** Over all pages. */
  ranking: CampaignRanking;
  /** By id. */
  accounts: ReadonlyMap<string, Account>;
  freshness: FreshnessModel | null;
  reportedThrough: string | null;
  unavailable: { account: Account; code: string; message: string; retryAfter: number | null }[];
  unreadable: UnreadableRowModel[];
};
export type BusinessLocationModel = LocationRow & { account: Account };
/** Sums, or what they are compared with. */
export type PerformanceMetricsModel = AdSums & {
  currency: string;
  /** null where none is reported. */
  readActions(): Promise<ActionSums | null>;
};
export type PerformanceRowModel = {
  provider: { id: string } | null;
  clientId: string | null;
  account: Account | null;
  campaign: CampaignModel | null;
  campaignType: string | null;
  objective: string | null;
  status: CampaignRow['status'] | null;
  device: Device | null;
  country: string | null;
  day: string | null;
  week: string | null;
  month: string | null;
  currency: string;
  metrics: PerformanceMetricsModel;
  previous: PerformanceMetricsModel | null;
  /** Why a figure of the row may differ from another of the same thing. */
  explain(metric: Metric): Promise<FigureFindingModel[]>;
};
export type PerformanceChangeModel = { metrics: PerformanceMetricsModel; previous: PerformanceMetricsModel };
export type PerformanceTotalModel = Pick<PerformanceRowModel, 'currency' | 'metrics' | 'previous' | 'explain'>;
/** Why figures differ. */
export interface FigureFindingModel {
  code: FigureFindingCode;
  message: string;
  /** null = all. */
  providerId: string | null;
  accounts: Account[];
  /** `of`: the account, provider or currency, where there are several of a name. */
  values: { name: string; of: string | null; value: string }[];
}
/** Which figure of a row is to be explained. */
export interface ExplainedMetric<Sums> {
  metric: string;
  /** Reads it from sums; null = unknown. */
  read(sums: Sums): Big | null;
}
/** A row, or sums, whose figures can be explained. */
export interface Explainable<Sums> {
  /** Why a figure may differ from another of the same thing. */
  explain(figure: ExplainedMetric<Sums>): Promise<FigureFindingModel[]>;
}
/** How complete the figures of an account are. */
export interface FigureSourceModel {
  account: Account;
  /** NOT_FINAL: all days are in, and some may still change. */
  state: 'COMPLETE' | 'NOT_FINAL' | 'STALE' | 'MISSING';
  /** The last day of the range that is in; null = none. */
  reportedThrough: string | null;
  /** Of the oldest figures that may have changed since; null where none may. */
  fetchedAt: Date | null;
  /** The last day whose figures no longer change, where it is known. */
  finalThrough?: string;
  /** Why days are missing. */
  code: string | null;
  message: string | null;
  retryAfter: number | null;
}
/** How amounts were converted. */
export interface CurrencyConversionModel {
  /** The target. */
  currency: string;
  source: string;
  sourceUrl: string;
  /** When rates were last copied; null = never. */
  checkedAt: Date | null;
  rates: {
    currency: string;
    /** The days whose rates were used. */
    from: string;
    to: string;
    /** null where rates of several days were used. */
    rate: string | null;
    earlier: { from: string; to: string; rateDay: string }[];
  }[];
}
export type AnnotationModel = Annotation;
/** With the time zone of its organization, when the gateway asks for an answer. */
export type SavedViewModel = SavedView & { timeZone?: string };
export interface SearchHitModel {
  kind: 'CLIENT' | 'ACCOUNT' | 'CAMPAIGN';
  match: 'ID' | 'NAME' | 'PREFIX' | 'WORD' | 'SUBSTRING';
  clientId: string | null;
  account: Account | null;
  campaign: CampaignModel | null;
}
export type SearchResultsModel = Page<SearchHitModel> & { totalCount: number; notSearched: Account[] };
export type PerformanceModel = Page<PerformanceRowModel> & {
  conversion: CurrencyConversionModel | null;
  range: DayRange;
  compared: DayRange | null;
  totalCount(): Promise<number>;
  totals(): Promise<PerformanceTotalModel[]>;
  sources: FigureSourceModel[];
};
/** Sums over rows, and over those they are compared with; null without a comparison. */
export interface FigureTotal {
  metrics: FoundSums;
  previous: FoundSums | null;
}
/** The figures of one combination of dimensions. */
export interface FigureRow extends FigureTotal {
  account: Account | null;
  clientId: string | null;
  day: string | null;
  week: string | null;
  month: string | null;
}
interface GroupedModel<Row> extends Page<Row> {
  range: DayRange;
  compared: DayRange | null;
  totalCount: number;
  totals: FigureTotal & Explainable<FoundSums>;
}
export type PlaceMetricsModel = FoundSums;
export type PlaceChangeModel = { metrics: FoundSums; previous: FoundSums };
export type PlaceTotalModel = FigureTotal & Explainable<FoundSums>;
export type PlaceRowModel = FigureRow & Explainable<FoundSums> & { place: BusinessLocationModel | null };
export type MissingPlaceModel = { place: BusinessLocationModel; code: string; message: string };
export type PlaceSourceModel = FigureSourceModel & { missingPlaces: MissingPlaceModel[] };
export type PlacesModel = GroupedModel<PlaceRowModel> & { sources: PlaceSourceModel[] };
export type PostModel = Omit<PostRow, 'metrics' | 'createdAt'> & { createdAt: Date; fetchedAt: Date };
export type PostMetricsModel = FoundSums;
export type PostChangeModel = { metrics: FoundSums; previous: FoundSums };
export type PostTotalModel = FigureTotal & Explainable<FoundSums>;
export type PostRowModel = FigureRow & Explainable<FoundSums> & { post: PostModel | null };
export type PostsModel = GroupedModel<PostRowModel> & {
  sources: FigureSourceModel[];
  unreadable: UnreadableRowModel[];
};

/** A day (UTC) of an organization, as the gateway references it. */
export interface UsageDayModel {
  organizationId: string;
  /** YYYY-MM-DD. */
  date: string;
}
