import type { MutationResolvers } from '#integrations/resolver-types.js';
import { createClient } from '#integrations/services/clients/create-client.js';
import { deleteClient } from '#integrations/services/clients/delete-client.js';
import { authorizeConnection } from '#integrations/services/connect/authorize-connection.js';
import { beginReconnect } from '#integrations/services/connect/begin-reconnect.js';
import { completeConnection } from '#integrations/services/connect/complete-connection.js';
import { disconnect } from '#integrations/services/connect/disconnect.js';
import { checkConnection } from '#integrations/services/health/check-connection.js';
import { backfillHistory } from '#integrations/services/history/backfill-history.js';
import { cancelHistoryBackfill } from '#integrations/services/history/cancel-history-backfill.js';

export const Mutation: MutationResolvers = {
  authorizeConnection: (_root, { providerId }, context) => authorizeConnection(context, context.identity, providerId),
  disconnect: async (_root, { connectionId }, context) => ({
    connection: await disconnect(context, context.identity, connectionId),
  }),
  checkConnection: async (_root, { connectionId }, context) => ({
    connection: await checkConnection(context, context.identity, connectionId),
  }),
  beginReconnect: (_root, { ticket }, context) => beginReconnect(context, ticket),
  createClient: async (_root, given, context) => ({ client: await createClient(context, context.identity, given) }),
  deleteClient: async (_root, { clientId }, context) => {
    await deleteClient(context, context.identity, clientId);
    return { clientId };
  },
  backfillHistory: async (_root, order, context) => ({
    account: await backfillHistory(context, context.identity, order),
  }),
  cancelHistoryBackfill: async (_root, { accountId }, context) => ({
    account: await cancelHistoryBackfill(context, context.identity, accountId),
  }),
  completeConnection: async (_root, callback, context) => ({
    connection: context.continueFor(await completeConnection(context, context.identity, callback)),
  }),
};
