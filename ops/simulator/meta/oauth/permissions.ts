const TITLES: Record<string, string> = {
  public_profile: 'Read your name and profile picture',
  email: 'Read your email address',
  ads_read: 'Read your ad accounts and their reports',
  ads_management: 'Manage your ads',
  business_management: 'Manage your business portfolios',
  pages_show_list: 'Show a list of the Pages you manage',
  pages_read_engagement: 'Read the content of your Pages',
  instagram_basic: 'Read your Instagram profile and media',
  instagram_manage_insights: 'Read the insights of your Instagram account',
  read_insights: 'Read the insights of your Pages',
};

/** Parses permissions separated by commas or spaces; always includes public_profile. */
export function readPermissions(text: string): string[] {
  return [...new Set([...text.split(/[\s,]+/).filter(Boolean), 'public_profile'])];
}

/** Returns a permission's text for the dialog, if it exists. */
export function findPermissionTitle(permission: string): string | undefined {
  return TITLES[permission];
}

/** Whether a token may read ad accounts. */
export function canReadAds(permissions: readonly string[]): boolean {
  return permissions.includes('ads_read') || permissions.includes('ads_management');
}
