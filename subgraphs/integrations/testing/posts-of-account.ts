import type { Answer } from './open-stage.js';

/** Asks the posts of one account; `$organizationId` has it. */
export const POSTS = /* GraphQL */ `
  query ($organizationId: ID!, $id: ID!, $range: DateRangeInput!) {
    _entities(representations: [{ __typename: "Organization", id: $organizationId, timeZone: "UTC" }]) {
      ... on Organization {
        posts(range: $range, filter: { accountIds: [$id] }) {
          sources { account { id } state code message retryAfter }
          edges { node { post { externalId text } } }
        }
      }
    }
  }
`;

/** Returns an answer to POSTS in which an account that cannot be read is an error. */
export function failingWithSources(answer: Answer): Answer {
  const sources: any[] = answer.data?._entities?.[0]?.posts.sources ?? [];
  const errors = sources
    .filter(({ code }) => code !== null)
    .map(({ code, message, retryAfter }) => ({ message, extensions: { code, retryAfter } }));
  return { ...answer, errors: [...answer.errors, ...errors], code: answer.code ?? errors[0]?.extensions.code };
}
