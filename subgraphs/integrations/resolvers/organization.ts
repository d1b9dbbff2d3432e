import type { OrganizationResolvers } from '../resolver-types.js';
import { listAccounts } from '../services/list-accounts.js';
import { listClients } from '../services/list-clients.js';
import { listConnections } from '../services/list-connections.js';

export const Organization: OrganizationResolvers = {
  // The one the request works in; any other is null, as if it did not exist.
  __resolveReference: ({ id }, { identity }) => (id === identity.organizationId ? { id } : null),
  connections: ({ id }, _args, context) => listConnections(context, id),
  accounts: ({ id }, { clientIds }, context) => listAccounts(context, id, clientIds),
  clients: ({ id }, page, context) => listClients(context, id, page),
};
