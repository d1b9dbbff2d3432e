import type { OrganizationResolvers } from '../resolver-types.js';
import { listCaretakers } from '../services/list-caretakers.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
  caretakers: ({ id }, { userId }, context) => listCaretakers(context, id, userId),
};
