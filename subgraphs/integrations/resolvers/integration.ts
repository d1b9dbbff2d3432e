import { describeProviderById } from '#integrations/providers/index.js';
import type { IntegrationResolvers } from '#integrations/resolver-types.js';
import { reconnectUrl } from '#integrations/services/connect/reconnect-ticket.js';
import { diagnose } from '#integrations/services/health/diagnose.js';
import { findConnectionQuota } from '#integrations/services/health/find-connection-quota.js';
import { nextRefresh } from '#integrations/services/tokens/renew-expiring-tokens.js';

export const Integration: IntegrationResolvers = {
  __resolveReference: ({ id }, { connectionById }) => connectionById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  quota: (connection, _args, context) => findConnectionQuota(context, connection),
  status: async (connection, _args, context) => (await diagnose(context, connection)).status,
  reason: async (connection, _args, context) => (await diagnose(context, connection)).reason,
  fault: async (connection, _args, context) => (await diagnose(context, connection)).fault,
  isReadOnly: async ({ id, organizationId }, _args, { plan }) =>
    (await plan.surplus(organizationId, 'CONNECTIONS')).ids.has(id),
  nextRefreshAt: (connection, _args, context) => nextRefresh(context, connection),
  reconnectUrl: (connection, _args, context) => reconnectUrl(context, connection),
  accounts: ({ id }, _args, { accountsByConnection }) => accountsByConnection.load(id),
};
