/**
 * What a cell holds, always as text: an exact decimal in its shortest form (`12.5`) where it is a number. DATE is `YYYY-MM-DD`, MONEY
 * an amount in the currency of its row (column `currency`), PERCENT a ratio (`0.1` = 10 %), ID an identifier that is never calculated
 * with.
 */
export type ColumnKind = 'TEXT' | 'ID' | 'DATE' | 'INTEGER' | 'DECIMAL' | 'MONEY' | 'PERCENT';

/** What a column stands for: what rows are grouped by, or a figure of the range, of the days it is compared with, or its change. */
export type ColumnRole = 'DIMENSION' | 'CURRENT' | 'PREVIOUS' | 'CHANGE';

/** A column of a section. */
export interface Column {
  /** Unique in its section: `campaign`, `campaign_id`, `cost`, `previous.cost`, `change.cost`. Its heading is a text of the language. */
  key: string;
  kind: ColumnKind;
  role: ColumnRole;
  /** The figure, such as `cost`; null of dimensions. */
  metric: string | null;
  /** Whether its values may be summed over rows of one currency: ratios and changes may not. */
  isSummable: boolean;
}

/** A value as text, never an empty one; null where there is none, which is not zero. */
export type Cell = string | null;

/** The cells of a row in the order of the columns of its section. */
export type Row = readonly Cell[];

/** What a section asks the graph for. */
export type FigureKind = 'PERFORMANCE' | 'SEARCH_QUERIES' | 'ANALYTICS' | 'PLACES' | 'POSTS' | 'BUDGETS' | 'ACCOUNTS';

/** What a section shows: figures, or a text. */
export type SectionKind = FigureKind | 'TEXT';

/** Calendar days, both included. */
export interface Days {
  start: string;
  end: string;
}

/** A chart of the rows of a section. */
export interface Chart {
  type: 'LINE' | 'BAR' | 'DONUT';
  /** The key of the column that is drawn. */
  value: string;
  /** The key of the dimension along the axis, or of the slices. */
  by: string;
  /** The key of the dimension that divides it into lines or bars of their own. */
  series: string | null;
  /** At most so many slices, bars or series; the others are drawn together, as the text `others`. */
  top: number;
}

/** How complete the figures of an account are: a source of the graph. */
export interface SectionSource {
  accountId: string;
  account: string;
  provider: string | null;
  state: string;
  /** The last day that is reported in full. */
  reportedThrough: string | null;
  /** RFC 3339. */
  fetchedAt: string | null;
  code: string | null;
  message: string | null;
}

/** The sum of a column over all rows of a section in one currency: null for what is not an amount. */
export interface ControlTotal {
  column: string;
  currency: string | null;
  /** An exact decimal. */
  sum: string;
}

/** A section of a report without its rows. */
export interface Section {
  /** Unique in the report. */
  id: string;
  kind: SectionKind;
  /** As in the template; null = the text of its kind. */
  title: string | null;
  /** Of a TEXT section; plain text with line ends, of a user. */
  text: string | null;
  range: Days | null;
  compared: Days | null;
  columns: Column[];
  /** Which parts are shown; the rows are in every file regardless. */
  show: { tiles: boolean; table: boolean };
  charts: Chart[];
  /** The sums the graph answered, one row per currency: cells by column, null of dimensions but `currency`. */
  totals: Cell[][];
  sources: SectionSource[];
  /** Rows there are; equal to those of the section unless the template limits them. */
  totalCount: number;
  rowCount: number;
  controlTotals: ControlTotal[];
  /** SHA-256 over the rows, hexadecimal: see `checks.ts`. */
  hash: string;
}

/** Who worded the summary, and its sentences in the language of the report. */
export interface Summary {
  wordedBy: 'RULES' | 'MODEL';
  /** The name of the model; null by rules. */
  model: string | null;
  sentences: string[];
}

/** Languages of reports. */
export const languages = ['en', 'de', 'ar'] as const;
export type Language = (typeof languages)[number];

/** How amounts were converted; null when each stayed in its own currency. */
export interface Conversion {
  currency: string;
  source: string;
  sourceUrl: string | null;
  /** The days whose rates were used; `rate` is null where they were those of several days. */
  rates: { currency: string; from: string; to: string; rate: string | null }[];
}

/** Everything a report says but its rows: the same in each of its files. */
export interface Manifest {
  version: 1;
  reportId: string;
  title: string;
  organization: string;
  /** The names of the clients it is limited to. */
  clients: string[];
  template: { id: string; name: string; version: number };
  range: Days;
  compared: Days | null;
  /** IANA name. */
  timeZone: string;
  currency: string | null;
  conversion: Conversion | null;
  language: Language;
  /** RFC 3339. */
  generatedAt: string;
  summary: Summary;
  sections: Section[];
  /** SHA-256 over the ids, columns and hashes of the sections, hexadecimal. */
  hash: string;
}

/** A report that is READY: the source of the pages and files. Immutable. */
export interface Dataset {
  manifest: Manifest;
  /** Returns the rows of a section in order, in batches. May be called repeatedly. */
  rows(sectionId: string): AsyncIterable<Row[]>;
}
