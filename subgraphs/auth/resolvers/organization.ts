import type { OrganizationResolvers } from '#auth/resolver-types.js';
import { listApiKeys } from '#auth/services/api-key/list-api-keys.js';
import { listAuditEvents } from '#auth/services/audit/list-audit-events.js';
import { listInvitations } from '#auth/services/invitation/find-invitations.js';
import { countMembers } from '#auth/services/member/count-members.js';
import { listBillingManagers } from '#auth/services/member/list-billing-managers.js';
import { listCaretakers } from '#auth/services/member/list-caretakers.js';
import { listMembers } from '#auth/services/member/list-members.js';
import { listWebhookEndpoints } from '#runtime/webhooks/endpoint.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: ({ id }, { organizationById }) => organizationById.load(id),
  memberCount: ({ id: organizationId }, _args, context) => countMembers(context, { organizationId }),
  members: ({ id: organizationId }, page, context) => listMembers(context, { organizationId, ...page }),
  invitations: ({ id: organizationId }, _args, context) => listInvitations(context, { organizationId }),
  auditLog: ({ id: organizationId }, given, context) => listAuditEvents(context, { organizationId, ...given }),
  caretakers: ({ id: organizationId }, given, context) => listCaretakers(context, { organizationId, ...given }),
  billingManagers: ({ id: organizationId }, _args, context) => listBillingManagers(context, { organizationId }),
  webhookEndpoints: ({ id: organizationId }, _args, { manager }) => listWebhookEndpoints(manager, { organizationId }),
  apiKeys: ({ id: organizationId }, _args, context) => listApiKeys(context, { organizationId }),
};
