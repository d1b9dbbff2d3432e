const ADWORDS = 'https://www.googleapis.com/auth/adwords';

// Short names of OpenID Connect stand for the longer ones that a token answer shows.
const LONG_NAMES: Record<string, string> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

const TITLES: Record<string, string> = {
  [ADWORDS]: 'See, edit, create and delete your Google Ads accounts and data',
  'https://www.googleapis.com/auth/analytics.readonly': 'See and download your Google Analytics data',
  'https://www.googleapis.com/auth/webmasters.readonly': 'View Search Console data for your verified sites',
  'https://www.googleapis.com/auth/webmasters': 'View and manage Search Console data for your verified sites',
  'https://www.googleapis.com/auth/business.manage': 'See, edit, create and delete your Google business listings',
  'https://www.googleapis.com/auth/userinfo.email': 'See your primary Google Account email address',
  'https://www.googleapis.com/auth/userinfo.profile': 'See your personal info, including any you have made public',
  openid: 'Associate you with your personal info on Google',
};

/** The scope every Google Ads call needs. */
export const GOOGLE_ADS_SCOPE = ADWORDS;

/** Returns the scopes of a space separated list, in their long form and without repetitions. */
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

/** Returns what the consent page says about a scope, or undefined for one that does not exist. */
export function findScopeTitle(scope: string): string | undefined {
  return TITLES[scope];
}
