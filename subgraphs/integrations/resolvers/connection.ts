import { describeProviderById } from '../providers/index.js';
import type { ConnectionResolvers } from '../resolver-types.js';
import { findConnectionQuota } from '../services/find-connection-quota.js';

export const Connection: ConnectionResolvers = {
  __resolveReference: ({ id }, { connectionById }) => connectionById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  quota: (connection, _args, context) => findConnectionQuota(context, connection),
  accounts: ({ id }, _args, { accountsByConnection }) => accountsByConnection.load(id),
};
