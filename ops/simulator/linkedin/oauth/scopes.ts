const TITLES: Record<string, string> = {
  openid: 'Use your name and photo',
  profile: 'Use your profile',
  email: 'Use the primary email address of your account',
  r_ads: 'Retrieve your advertising accounts',
  rw_ads: 'Manage your advertising accounts',
  r_ads_reporting: 'Retrieve reporting for your advertising accounts',
  r_organization_social: "Retrieve your organizations' posts and their engagement",
  w_member_social: 'Create posts on your behalf',
};

/** Parses distinct scopes, separated by spaces (the guide) or commas (LinkedIn's own library). */
export function readScopes(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** Returns a scope's text for the consent page, if the app can have it. */
export function findScopeTitle(scope: string): string | undefined {
  return TITLES[scope];
}

/** Whether a token may read ad accounts, groups and campaigns. */
export function canReadAds(scopes: readonly string[]): boolean {
  return scopes.includes('r_ads') || scopes.includes('rw_ads');
}

/** Whether a token may read analytics. */
export function canReadFigures(scopes: readonly string[]): boolean {
  return scopes.includes('r_ads_reporting');
}
