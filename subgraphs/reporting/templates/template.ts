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
  conversions: number;
  conversionValue: string;
}

/** An account in a report. */
export interface ReportedAccount {
  provider: string;
  name: string;
  status: string;
  currency: string;
  campaigns: ReportedCampaign[];
}

/** Makes the rows of one kind of report. */
export interface Template {
  /** The id in `report_template`, which has its columns. */
  id: string;
  /** Returns rows in the order of accounts and campaigns, a cell per column. */
  rowsOf(accounts: ReportedAccount[]): string[][];
}
