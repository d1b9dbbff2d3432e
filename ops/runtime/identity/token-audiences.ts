// The tokens that IdentitySigner signs besides identities. Only the gateway accepts them.

export const ACCESS_TOKEN_AUDIENCE = 'webmetrics-api';

/** Without role and organization, which are read from the session when the token is used. */
export interface AccessTokenClaims {
  /** The user's id. */
  sub: string;
  /** The session's id. */
  sid: string;
}

/** Of `Report.downloadUrl`. */
export const REPORT_DOWNLOAD_AUDIENCE = 'report-download';

/** The bearer may download one report of one organization. */
export interface ReportDownloadClaims {
  organizationId: string;
  reportId: string;
}

/** Of the links of `exportMyData`. */
export const PERSONAL_DATA_AUDIENCE = 'personal-data-download';

/** The bearer may download the personal data of one user. */
export interface PersonalDataClaims {
  personId: string;
}
