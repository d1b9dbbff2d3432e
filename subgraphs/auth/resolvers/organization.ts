import type { OrganizationResolvers } from '../resolver-types.js';
import { listApiKeys } from '../services/list-api-keys.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
  apiKeys: ({ id }, _args, { database }) => listApiKeys(database, id),
};
