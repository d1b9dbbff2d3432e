import { describeProviderById } from '../providers/index.js';
import type { ConnectionResolvers } from '../resolver-types.js';

export const Connection: ConnectionResolvers = {
  __resolveReference: ({ id }, { connectionById }) => connectionById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  accounts: ({ id }, _args, { accountsByConnection }) => accountsByConnection.load(id),
};
