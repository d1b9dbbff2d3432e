// What IdentitySigner signs besides identities, by the audience that takes it: only the gateway takes any of these.

/** The audience of access tokens. */
export const ACCESS_TOKEN_AUDIENCE = 'webmetrics-api';

/** Of an access token. Role and organization are not in it: they are read from the session when the token is used. */
export interface AccessTokenClaims {
  /** The user's id. */
  sub: string;
  /** The session's id. */
  sid: string;
}

/** The audience of the tokens in `Report.downloadUrl`. */
export const REPORT_DOWNLOAD_AUDIENCE = 'report-download';

/** Of a token that lets its bearer download one report of one organization. */
export interface ReportDownloadClaims {
  organizationId: string;
  reportId: string;
}

/** The audience of the tokens in the links of `exportMyData`. */
export const PERSONAL_DATA_AUDIENCE = 'personal-data-download';

/** Of a token that lets its bearer download what is stored about one person. */
export interface PersonalDataClaims {
  personId: string;
}
