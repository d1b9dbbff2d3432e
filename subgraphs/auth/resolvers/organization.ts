import type { OrganizationResolvers } from '../resolver-types.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
};
