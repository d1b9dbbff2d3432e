/** Figures that are read of the whole organization, by provider: a field with its arguments and what is selected of it. */
const FIELDS: Readonly<Record<string, { field: string; rows: string }>> = {
  x: { field: 'posts', rows: 'edges { node { post { text } } }' },
  'google-analytics': { field: 'analytics', rows: 'edges { node { metrics { sessions } } }' },
  'search-console': { field: 'searchQueries', rows: 'edges { node { query } }' },
};

/** The field of a provider whose figures are read of the whole organization; undefined for other providers. */
export const organizationFieldOf = (providerId: string): string | undefined => FIELDS[providerId]?.field;

/** Returns the selection of an organization's figures of one provider, of some accounts or all, beside other root fields. */
export function organizationFigures(
  alias: string,
  given: { organizationId: string | undefined; providerId: string; range: string; accountId?: string; first?: number },
): string {
  const { organizationId, providerId, range, accountId, first = 50 } = given;
  const { field, rows } = FIELDS[providerId] ?? { field: '__typename', rows: '' };
  const filter = accountId ? `, filter: { accountIds: ["${accountId}"] }` : '';
  return `${alias}: _entities(representations: [{ __typename: "Organization", id: "${organizationId}", timeZone: "UTC" }]) {
    ... on Organization {
      ${field}(range: ${range}, first: ${first}${filter}) {
        sources { account { id } state code message retryAfter reportedThrough }
        unreadable { row field account { id } }
        ${rows}
      }
    }
  }`;
}
