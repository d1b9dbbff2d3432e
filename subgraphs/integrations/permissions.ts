import { atLeast, type Permissions, service, signedIn } from '../permission.js';

const admin = atLeast('ADMIN');
const analyst = atLeast('ANALYST');

export const permissions: Permissions = {
  Query: {
    providers: signedIn,
    connection: signedIn,
    account: signedIn,
    client: signedIn,
  },
  Mutation: {
    authorizeConnection: admin,
    disconnect: admin,
    checkConnection: analyst,
    beginReconnect: service,
    createClient: analyst,
    deleteClient: analyst,
    backfillHistory: admin,
    cancelHistoryBackfill: admin,
    completeConnection: service,
  },
  entities: {
    Connection: signedIn,
    Account: signedIn,
    Client: signedIn,
    Organization: signedIn,
  },
  fields: {
    Account: {
      campaigns: signedIn,
      metricsDaily: signedIn,
      searchQueries: signedIn,
      events: signedIn,
      analyticsReport: signedIn,
      posts: signedIn,
      postsById: signedIn,
      locations: signedIn,
      history: signedIn,
    },
    Organization: {
      connections: signedIn,
      connectionHealth: signedIn,
      accounts: signedIn,
      campaigns: signedIn,
      clients: signedIn,
    },
  },
};
