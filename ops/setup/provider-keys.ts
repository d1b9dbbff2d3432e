/** A setting in `.env` and as a flag of `npm run setup`. */
export interface Setting {
  name: string;
  /** Written above it in `.env` and beside its flag. */
  purpose: string;
  /** Hidden entirely, or the password in its URL only. */
  isSecret?: boolean;
  hasPassword?: boolean;
}

/** A provider's OAuth client and addresses. */
export interface ProviderKeys {
  /** The provider, with the client's purpose when there are several. */
  name: string;
  /** Both are set, or neither. */
  clientId: string;
  clientSecret: string;
  others: Setting[];
  /** Hosts and the variables that override them. */
  hosts: { host: string; variable: string }[];
  /** Whether the interview asks for it; rarely used clients are given as flags. */
  isAsked: boolean;
}

/** Settings of the providers. A test compares them with `subgraphs/integrations/providers/<id>/config.ts`. */
export const providerKeys: ProviderKeys[] = [
  {
    name: 'Google',
    clientId: 'GOOGLE_CLIENT_ID',
    clientSecret: 'GOOGLE_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'GOOGLE_OAUTH_AUTH_BASE', purpose: 'Base address of the consent page at Google' },
      { name: 'GOOGLE_OAUTH_TOKEN_BASE', purpose: "Base address of Google's tokens" },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'oauth2.googleapis.com', variable: 'GOOGLE_OAUTH_TOKEN_BASE' },
    ],
  },
  {
    name: 'Google Ads (a client of its own)',
    clientId: 'GOOGLE_ADS_CLIENT_ID',
    clientSecret: 'GOOGLE_ADS_CLIENT_SECRET',
    isAsked: false,
    others: [
      { name: 'GOOGLE_ADS_DEVELOPER_TOKEN', purpose: 'Developer token sent to Google Ads', isSecret: true },
      { name: 'GOOGLE_ADS_OPERATIONS_PER_DAY', purpose: 'Operations the app may make at Google Ads in 24 hours' },
      { name: 'GOOGLE_ADS_VERSION', purpose: 'Version of the Google Ads API' },
      { name: 'GOOGLE_ADS_BASE', purpose: 'Base address of the Google Ads API' },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'googleads.googleapis.com', variable: 'GOOGLE_ADS_BASE' },
    ],
  },
  {
    name: 'Google Analytics (a client of its own)',
    clientId: 'GA4_CLIENT_ID',
    clientSecret: 'GA4_CLIENT_SECRET',
    isAsked: false,
    others: [
      { name: 'GA4_DATA_BASE', purpose: 'Base address of the reports of Google Analytics' },
      { name: 'GA4_ADMIN_BASE', purpose: 'Base address of the properties of Google Analytics' },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'analyticsdata.googleapis.com', variable: 'GA4_DATA_BASE' },
      { host: 'analyticsadmin.googleapis.com', variable: 'GA4_ADMIN_BASE' },
    ],
  },
  {
    name: 'Search Console (a client of its own)',
    clientId: 'GSC_CLIENT_ID',
    clientSecret: 'GSC_CLIENT_SECRET',
    isAsked: false,
    others: [{ name: 'GSC_BASE', purpose: 'Base address of Search Console' }],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'searchconsole.googleapis.com', variable: 'GSC_BASE' },
    ],
  },
  {
    name: 'Google Business Profile (a client of its own)',
    clientId: 'GBP_CLIENT_ID',
    clientSecret: 'GBP_CLIENT_SECRET',
    isAsked: false,
    others: [
      { name: 'GBP_ACCOUNT_BASE', purpose: 'Base address of the accounts of Business Profile' },
      { name: 'GBP_INFO_BASE', purpose: 'Base address of the locations of Business Profile' },
      { name: 'GBP_PERF_BASE', purpose: 'Base address of the figures of Business Profile' },
    ],
    hosts: [
      { host: 'accounts.google.com', variable: 'GOOGLE_OAUTH_AUTH_BASE' },
      { host: 'mybusinessaccountmanagement.googleapis.com', variable: 'GBP_ACCOUNT_BASE' },
      { host: 'mybusinessbusinessinformation.googleapis.com', variable: 'GBP_INFO_BASE' },
      { host: 'businessprofileperformance.googleapis.com', variable: 'GBP_PERF_BASE' },
    ],
  },
  {
    name: 'Meta',
    clientId: 'META_CLIENT_ID',
    clientSecret: 'META_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'META_VERSION', purpose: "Version of Meta's Graph and Marketing API" },
      { name: 'META_GRAPH_BASE', purpose: "Base address of Meta's Graph API" },
      { name: 'META_DIALOG_BASE', purpose: 'Base address of the consent page at Meta' },
    ],
    hosts: [
      { host: 'graph.facebook.com', variable: 'META_GRAPH_BASE' },
      { host: 'www.facebook.com', variable: 'META_DIALOG_BASE' },
    ],
  },
  {
    name: 'LinkedIn',
    clientId: 'LINKEDIN_CLIENT_ID',
    clientSecret: 'LINKEDIN_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'LINKEDIN_VERSION', purpose: "Version of LinkedIn's Marketing API" },
      { name: 'LINKEDIN_API_BASE', purpose: "Base address of LinkedIn's API" },
      { name: 'LINKEDIN_OAUTH_BASE', purpose: 'Base address of the consent page at LinkedIn' },
    ],
    hosts: [
      { host: 'api.linkedin.com', variable: 'LINKEDIN_API_BASE' },
      { host: 'www.linkedin.com', variable: 'LINKEDIN_OAUTH_BASE' },
    ],
  },
  {
    name: 'X',
    clientId: 'X_CLIENT_ID',
    clientSecret: 'X_CLIENT_SECRET',
    isAsked: true,
    others: [
      { name: 'X_API_BASE', purpose: "Base address of X's API" },
      { name: 'X_AUTH_BASE', purpose: 'Base address of the consent page at X' },
    ],
    hosts: [
      { host: 'api.x.com', variable: 'X_API_BASE' },
      { host: 'x.com', variable: 'X_AUTH_BASE' },
    ],
  },
];
