import type { OrganizationResolvers } from '../resolver-types.js';
import { listAuditEvents } from '../services/list-audit-events.js';
import { listCaretakers } from '../services/list-caretakers.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
  auditLog: ({ id }, { filter, ...page }, { database }) => listAuditEvents(database, id, filter ?? {}, page),
  caretakers: ({ id }, { userId }, context) => listCaretakers(context, id, userId),
};
