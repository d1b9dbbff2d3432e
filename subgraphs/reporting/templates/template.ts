import type { UnavailableAccount } from '#reporting/entities/report.js';

/** A campaign's figures over the days of a report. */
export interface ReportedCampaign {
  name: string;
  status: string;
  impressions: number;
  clicks: number;
  /** ISO 4217, of both amounts. */
  currency: string;
  /** An exact decimal, as is `conversionValue`. */
  cost: string;
  /** Null where nothing is counted, as is `conversionValue`. */
  conversions: number | null;
  conversionValue: string | null;
}

/** An account in a report. */
export interface ReportedAccount {
  provider: string;
  name: string;
  status: string;
  /** Null where nothing has a price. */
  currency: string | null;
  /** Whether there can be campaigns. */
  hasCampaigns: boolean;
  campaigns: ReportedCampaign[];
  /** It could not be read and is left out. */
  unavailable?: UnavailableAccount;
  /** Its campaigns that could not be read, as the provider names them. */
  leftOut?: { rows: string[]; reason: UnavailableAccount };
}

/** The cell of a value that does not exist: no value is not zero. */
export const NO_VALUE = '';

/** The status of an account that is left out. */
export const UNAVAILABLE = 'UNAVAILABLE';

/** Makes the rows of one kind of report. */
export interface Template {
  /** The id in `report_template`, which has its columns. */
  id: string;
  /**
   * Returns rows in the order of accounts and campaigns, a cell per column. What is left out, an account or some of its
   * campaigns, has one with the status UNAVAILABLE and no figures.
   */
  rowsOf(accounts: ReportedAccount[]): string[][];
}
