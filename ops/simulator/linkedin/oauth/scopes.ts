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

/** Returns the scopes of a list, without repetitions. The guide separates them by spaces, LinkedIn's own library by commas. */
export function readScopes(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** Returns what the consent page says about a scope, or undefined for one this app cannot have. */
export function findScopeTitle(scope: string): string | undefined {
  return TITLES[scope];
}

/** Tells whether a token may read ad accounts, groups and campaigns. */
export function canReadAds(scopes: readonly string[]): boolean {
  return scopes.includes('r_ads') || scopes.includes('rw_ads');
}

/** Tells whether a token may read figures. */
export function canReadFigures(scopes: readonly string[]): boolean {
  return scopes.includes('r_ads_reporting');
}
