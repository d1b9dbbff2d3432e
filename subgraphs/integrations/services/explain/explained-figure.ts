import type { DayRange } from '#integrations/calendar-day.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  CurrencyConversionModel,
  FigureFindingModel,
  FigureSourceModel,
  PerformanceTotalModel,
} from '#integrations/models.js';
import type { FigureNote } from '#integrations/providers/figure-facts.js';
import type { AdSums } from '#integrations/services/performance/found-performance.js';
import { addSums, metricOfSums } from '#integrations/services/performance/metric-values.js';
import type {
  Metric,
  PerformanceArguments,
  PerformanceFilter,
} from '#integrations/services/performance/performance-question.js';

/** Sums of an account in its own currency. */
export interface OwnFigure {
  account: Account;
  sums: AdSums;
}

/** A source with what its provider says of its answer. */
export interface MarkedSource extends FigureSourceModel {
  isTruncated?: boolean;
  quality?: Partial<Record<NonNullable<FigureNote['mark']>, boolean>> | null;
}

/** A figure of any kind whose differences are to be explained. */
export interface FigureQuestion {
  metric: string;
  /** Whose figures it sums. */
  accounts: Account[];
  range: DayRange;
  /** Of the organization. */
  timeZone: string;
  sources: FigureSourceModel[];
  /**
   * Returns the figure of an account as its provider has it, of the whole range or of some days, as exact text; null where it
   * cannot be asked for again.
   */
  ownTextOf(account: Account, range?: DayRange): Promise<string | null>;
}

/** A figure of advertising. */
export interface Question extends FigureQuestion {
  metric: Metric;
  sums: AdSums;
  conversion: CurrencyConversionModel | null;
  filter: PerformanceFilter;
  /** By account, where it can be asked for again. */
  own: OwnFigure[] | null;
  /** Asks for the figure by account again, with changes. */
  ask(changes: Partial<PerformanceArguments>): Promise<OwnFigure[] | null>;
  /** The sums in other currencies. */
  askApart(): Promise<PerformanceTotalModel[]>;
}

const DECIMALS = 6;

/** Returns a metric of sums as exact text; null where it is unknown. */
export const textOf = (metric: Metric, sums: AdSums): string | null =>
  metricOfSums(metric, sums)?.round(DECIMALS).toFixed() ?? null;

/** Returns a metric of several figures together, as exact text. */
export const textOfAll = (metric: Metric, figures: { sums: AdSums }[]): string | null =>
  textOf(metric, addSums(figures.map(({ sums }) => sums)));

type Value = FigureFindingModel['values'][number];

/** Returns a named value, none for one that is unknown. */
export const findingValue = (
  name: string,
  value: string | number | null | undefined,
  of: string | null = null,
): Value[] => (value === null || value === undefined ? [] : [{ name, of, value: String(value) }]);
