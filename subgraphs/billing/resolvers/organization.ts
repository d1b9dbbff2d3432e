import type { OrganizationResolvers } from '../resolver-types.js';
import { getSubscription } from '../services/get-subscription.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id, createdAt }, _args, { database }) => getSubscription(database, id, createdAt),
};
