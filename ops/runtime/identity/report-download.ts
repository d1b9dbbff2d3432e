/** The audience of the tokens in `Report.downloadUrl`: nothing but the gateway's download route takes them. */
export const REPORT_DOWNLOAD_AUDIENCE = 'report-download';

/** What such a token lets its bearer do: fetch one report of one organization, whoever they are. */
export interface ReportDownloadClaims {
  organizationId: string;
  reportId: string;
}
