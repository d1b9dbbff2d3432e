import type { SearchHitResolvers } from '#integrations/resolver-types.js';

export const SearchHit: SearchHitResolvers = {
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
};
