import type { DayRange } from '#integrations/calendar-day.js';
import type { Account } from '#integrations/entities/account.js';
import type { ClientScope } from './dimension-sql.js';
import type { FigureUnits } from './figure-days.js';
import type { MetricCondition, MetricOrder } from './grouping.js';
import type { MetricSql } from './metric-sql.js';
import type { AfterRow } from './page-sql.js';
import type { Parameters } from './parameters.js';

/** Dimensions that every account has. */
export type CommonDimension = 'CLIENT' | 'ACCOUNT' | 'CURRENCY' | 'DAY' | 'WEEK' | 'MONTH';

/** Figures that were asked of a provider: a row of what an account reports. */
export interface AskedFigures {
  accountId: string;
  isPrevious: boolean;
  /** null = of all asked days. */
  day: string | null;
  /** One for each column of values. */
  values: string[];
  /** Exact decimals, one for each figure; null = unknown. */
  figures: (string | null)[];
}

/** Days of an account, of the range or of the days it is compared with, that are not taken from the copy. */
export interface BreakdownGap extends DayRange {
  accountId: string;
  isPrevious: boolean;
}

/**
 * How rows add up: `sum`; `amount` sums of one currency only; `single` figures, such as counts of people, do not add up: they are
 * known of a single row only.
 */
export type FigureKind = 'sum' | 'amount' | 'single';

/** The shape of what is copied and asked. */
export interface BreakdownShape<Dimension extends string, Metric extends string> {
  /** The expression of each dimension over `fact`, besides the common ones. */
  columns: Record<Dimension, string>;
  /** The names of value columns. */
  values: readonly string[];
  figures: Readonly<Record<string, FigureKind>>;
  metrics: MetricSql<Metric>;
  /** How rows are ordered without another order and without a unit of time. */
  defaultOrder: MetricOrder<Metric>;
  /** Returns the copied rows with their days, values and figures: a table or a query in parentheses. */
  copied?: ((parameters: Parameters) => string) | undefined;
}

/** A question about figures of accounts, broken down by values. */
export interface BreakdownQuestion<Dimension extends string, Metric extends string> extends ClientScope {
  shape: BreakdownShape<Dimension, Metric>;
  accounts: Pick<Account, 'id' | 'currency'>[];
  gaps: BreakdownGap[];
  asked: AskedFigures[];
  range: DayRange;
  compared: DayRange | null;
  dimensions: (Dimension | CommonDimension)[];
  units?: FigureUnits | undefined;
  /** Returns conditions of rows of `fact`. */
  filters: (parameters: Parameters) => string[];
  conditions: MetricCondition<Metric>[];
  order: MetricOrder<Metric> | null;
  first: number;
  after: AfterRow | null;
}

/** The figures of a row as exact decimals, by name. */
export type FoundFigures = Record<string, string | null>;

export interface FoundBreakdownRow {
  dimensions: (string | null)[];
  /** null = rows of several. */
  currency: string | null;
  sortedBy: string | null;
  key: string;
  current: FoundFigures;
  previous: FoundFigures;
}

/** What `breakdownStatement` returns. */
export interface FoundBreakdown {
  count: number;
  /** Copied and asked rows. */
  rowsRead: number;
  /** One more than asked for, when there are more. */
  rows: FoundBreakdownRow[];
  total: Pick<FoundBreakdownRow, 'currency' | 'current' | 'previous'>;
}
