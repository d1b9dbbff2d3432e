import type { Entitlements } from './entitlements.js';

/**
 * Returns the SQL condition that an organization is not known to be READ_ONLY, for jobs that look for work among all organizations; both
 * parameters are SQL expressions. One of which nothing is known meets it: `Entitlements.of` decides.
 */
export function isOpenSql(
  { isSold }: Pick<Entitlements, 'isSold'>,
  { organizationId, now }: { organizationId: string; now: string },
): string {
  if (!isSold) return 'true';
  return `NOT EXISTS (SELECT FROM operations.entitlement AS e WHERE e.organization_id = ${organizationId}
    AND CASE WHEN e.next_at <= ${now} THEN e.next_access ELSE e.access END = 'READ_ONLY')`;
}
