const ADWORDS = 'https://www.googleapis.com/auth/adwords';
const ANALYTICS = 'https://www.googleapis.com/auth/analytics.readonly';
const WEBMASTERS = 'https://www.googleapis.com/auth/webmasters';
const WEBMASTERS_READONLY = 'https://www.googleapis.com/auth/webmasters.readonly';
const BUSINESS = 'https://www.googleapis.com/auth/business.manage';

// OpenID Connect's short names and their long forms in token answers.
const LONG_NAMES: Record<string, string> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

const TITLES: Record<string, string> = {
  [ADWORDS]: 'See, edit, create and delete your Google Ads accounts and data',
  [ANALYTICS]: 'See and download your Google Analytics data',
  [WEBMASTERS_READONLY]: 'View Search Console data for your verified sites',
  [WEBMASTERS]: 'View and manage Search Console data for your verified sites',
  [BUSINESS]: 'See, edit, create and delete your Google business listings',
  'https://www.googleapis.com/auth/userinfo.email': 'See your primary Google Account email address',
  'https://www.googleapis.com/auth/userinfo.profile': 'See your personal info, including any you have made public',
  openid: 'Associate you with your personal info on Google',
};

export const GOOGLE_ADS_SCOPE = ADWORDS;

/** One scope of each list is sufficient. */
export const ANALYTICS_SCOPES = [ANALYTICS];
export const SEARCH_CONSOLE_SCOPES = [WEBMASTERS_READONLY, WEBMASTERS];
export const BUSINESS_PROFILE_SCOPES = [BUSINESS];

/** Parses a space-separated list into distinct long scopes. */
export function readScopes(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/\s+/)
        .filter(Boolean)
        .map((scope) => LONG_NAMES[scope] ?? scope),
    ),
  ];
}

/** Returns a scope's text for the consent page, if it exists. */
export function findScopeTitle(scope: string): string | undefined {
  return TITLES[scope];
}
