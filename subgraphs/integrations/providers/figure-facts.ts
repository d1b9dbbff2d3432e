import type { DayRange } from '#integrations/calendar-day.js';

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

/** What of a provider's figures makes them differ from others of the same thing. */
export interface FigureFacts {
  /** The time zone of its days; null = each account's own. */
  timeZone: string | null;
  attribution?: Attribution;
  /** What counts as a conversion: the end of a sentence that begins with the provider's name. */
  conversion?: string;
  /** Returns the address of its screen with an account and days, made of ids only. */
  screenOf?(account: { externalId: string }, range: DayRange): string;
}
