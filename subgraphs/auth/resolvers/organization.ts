import type { OrganizationResolvers } from '#auth/resolver-types.js';
import { listApiKeys } from '#auth/services/api-key/list-api-keys.js';
import { listAuditEvents } from '#auth/services/audit/list-audit-events.js';
import { listInvitations } from '#auth/services/invitation/list-invitations.js';
import { listCaretakers } from '#auth/services/member/list-caretakers.js';
import { listMembers } from '#auth/services/member/list-members.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
  members: ({ id }, page, { database }) => listMembers(database, id, page),
  invitations: ({ id }, _args, { database }) => listInvitations(database, id),
  auditLog: ({ id }, { filter, ...page }, { database }) => listAuditEvents(database, id, filter ?? {}, page),
  caretakers: ({ id }, { userId }, context) => listCaretakers(context, id, userId),
  apiKeys: ({ id }, _args, { database }) => listApiKeys(database, id),
};
