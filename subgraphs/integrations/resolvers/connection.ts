import type { Context } from '#integrations/context.js';
import type { ConnectionModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { ConnectionResolvers } from '#integrations/resolver-types.js';
import { reconnectUrl } from '#integrations/services/connect/reconnect-ticket.js';
import { diagnose } from '#integrations/services/health/diagnose.js';
import { findConnectionQuota } from '#integrations/services/health/find-connection-quota.js';
import { nextRefresh } from '#integrations/services/tokens/renew-expiring-tokens.js';

/** completeConnection is called without an organization. */
const own = ({ organizationId }: ConnectionModel, context: Context): Context => context.inOrganization(organizationId);

export const Connection: ConnectionResolvers = {
  __resolveReference: ({ id }, { connectionById }) => connectionById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  quota: (connection, _args, context) => findConnectionQuota(own(connection, context), connection),
  status: async (connection, _args, context) => (await diagnose(own(connection, context), connection)).status,
  reason: async (connection, _args, context) => (await diagnose(own(connection, context), connection)).reason,
  fault: async (connection, _args, context) => (await diagnose(own(connection, context), connection)).fault,
  nextRefreshAt: (connection, _args, context) => nextRefresh(context, connection),
  reconnectUrl: (connection, _args, context) => reconnectUrl(own(connection, context), connection),
  accounts: (connection, _args, context) => own(connection, context).accountsByConnection.load(connection.id),
};
