// Audiences of tokens, besides the subgraphs, which are named like their part.

/** Of operations of jobs. */
export const GATEWAY_AUDIENCE = 'gateway';

export const ACCESS_TOKEN_AUDIENCE = 'webmetrics-api';

/** Without role and organization, which are read from the session when the token is used. */
export interface AccessTokenClaims {
  /** The user's id. */
  sub: string;
  /** The session's id. */
  sid: string;
}

/** Of tokens that recognize a device at sign-in; of the key of access tokens. */
export const DEVICE_AUDIENCE = 'webmetrics-device';

/** Of `Report.downloadUrl`. */
export const REPORT_DOWNLOAD_AUDIENCE = 'report-download';

/** The bearer may download one report of one organization, while the session that made the link lasts. */
export interface ReportDownloadClaims {
  organizationId: string;
  reportId: string;
  /** Absent for a link that an API key made. */
  sessionId?: string;
}

/** Of the passwords of share links. */
export const REPORT_SHARE_AUDIENCE = 'report-share';

/** The bearer has entered the password of a share link. */
export interface ReportShareClaims {
  shareId: string;
  /** A fingerprint of the hash of the password. */
  password: string;
}

/** Of the links of `exportMyData`. */
export const PERSONAL_DATA_AUDIENCE = 'personal-data-download';

/** The bearer may download the personal data of one user, while the session lasts. */
export interface PersonalDataClaims {
  personId: string;
  sessionId: string;
}

/** Of the second step of a sign-in. */
export const TWO_FACTOR_CHALLENGE_AUDIENCE = 'two-factor-challenge';

/** Of the links in mails about lost access. */
export const RECONNECT_AUDIENCE = 'reconnect';

/** Of `PlanChangePreview.previewId`. */
export const PLAN_CHANGE_AUDIENCE = 'plan-change';

const OWNERS = new Map([
  [REPORT_DOWNLOAD_AUDIENCE, 'reporting'],
  [REPORT_SHARE_AUDIENCE, 'reporting'],
  [PERSONAL_DATA_AUDIENCE, 'auth'],
  [TWO_FACTOR_CHALLENGE_AUDIENCE, 'auth'],
  [RECONNECT_AUDIENCE, 'integrations'],
  [PLAN_CHANGE_AUDIENCE, 'billing'],
]);

/** Returns the part whose key signs tokens for an audience. */
export function ownerOfAudience(audience: string): string {
  return OWNERS.get(audience) ?? audience;
}
