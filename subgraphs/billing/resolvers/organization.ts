import type { OrganizationResolvers } from '#billing/resolver-types.js';
import { getSubscription } from '#billing/services/get-subscription.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id, createdAt }, _args, { database }) => getSubscription(database, id, createdAt),
};
