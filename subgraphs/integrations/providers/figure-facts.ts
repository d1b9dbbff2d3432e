import type { DayRange } from '#integrations/calendar-day.js';

/** Why figures differ. */
export type FigureFindingCode =
  | 'ACCOUNT_TIME_ZONE'
  | 'PROVIDER_TIME_ZONE'
  | 'CURRENCY_CONVERTED'
  | 'OTHER_CURRENCIES'
  | 'ATTRIBUTION'
  | 'CONVERSION_DEFINITION'
  | 'SEVERAL_PROVIDERS'
  | 'NOT_FINAL'
  | 'STALE'
  | 'MISSING'
  | 'FILTERED'
  | 'REPORTED_LATE'
  | 'WITHHELD_ROWS'
  | 'ROWS_OVERLAP'
  | 'WEIGHTED_AVERAGE'
  | 'SAMPLED'
  | 'THRESHOLDED'
  | 'OTHER_ROW'
  | 'TRUNCATED'
  | 'COUNTED_TO_DATE'
  | 'REPORTED_FOR_LIMITED_TIME'
  | 'PROVIDER_SCREEN';

/** Which conversions count, and when. */
export interface Attribution {
  /** How conversions are assigned to ads by default. */
  model: string;
  /** Defaults, which its users may change; null = does not count. */
  clickDays: number;
  viewDays: number | null;
  /** The day a conversion counts on. */
  countedOn: 'the day of the interaction' | 'the day of the conversion';
}

/** What is true of some figures of a provider only. */
export interface FigureNote {
  code: FigureFindingCode;
  /** The end of a sentence that begins with the provider's name. */
  text: string;
  /** Of which metrics; all by default. */
  metrics?: readonly string[];
  /** Where rows are by one of these dimensions; whatever they are by, by default. */
  dimensions?: readonly string[];
  /** Where the provider has marked its answer so. */
  mark?: 'isSampled' | 'isThresholded' | 'hasOtherRow';
  /** Whether it makes the sum of rows differ from the totals: it is said of totals, with the difference. */
  isOfRows?: boolean;
  values?: Readonly<Record<string, string | number>>;
}

/** What of a provider's figures makes them differ from others of the same thing. */
export interface FigureFacts {
  /** The time zone of its days; null = each account's own, absent = the provider does not document it. */
  timeZone?: string | null;
  attribution?: Attribution;
  /** What counts as a conversion: the end of a sentence that begins with the provider's name. */
  conversion?: string;
  notes?: readonly FigureNote[];
  /** Returns the address of its screen with an account and days, made of ids only. */
  screenOf?(account: { externalId: string }, range: DayRange): string;
}
