/** What a campaign did on the days of a report. */
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

/** An account a report covers, with its campaigns on the days of the report. */
export interface ReportedAccount {
  provider: string;
  name: string;
  status: string;
  currency: string;
  campaigns: ReportedCampaign[];
}

/** How a kind of report turns what was read into rows. */
export interface Template {
  /** The id of its row in `report_template`, where its columns stand. */
  id: string;
  /** Returns the rows, each with one cell per column. The order is that of the accounts and their campaigns. */
  rowsOf(accounts: ReportedAccount[]): string[][];
}
