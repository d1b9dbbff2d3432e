import { atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

const admin = atLeast('ADMIN');
const analyst = atLeast('ANALYST', 'write:clients');
const connections = signedIn.withScope('read:connections');
const campaigns = signedIn.withScope('read:campaigns');
const analytics = signedIn.withScope('read:analytics');

export const permissions: Permissions = {
  Query: {
    providers: connections,
    connection: connections,
    account: connections,
    campaign: campaigns,
    client: connections,
    receivedConsent: service,
  },
  Mutation: {
    authorizeConnection: admin,
    disconnect: admin,
    checkConnection: atLeast('ANALYST'),
    beginReconnect: service,
    createClient: analyst,
    updateClient: analyst,
    archiveClient: analyst,
    restoreClient: analyst,
    deleteClient: analyst,
    backfillHistory: admin,
    cancelHistoryBackfill: admin,
    refreshHistory: admin,
    setRestatedDays: admin,
    // Its service requires ADMIN, and uses the code up when it refuses.
    completeConnection: signedIn,
    receiveConsent: service,
  },
  entities: {
    Integration: connections,
    Account: connections,
    Client: connections,
    Organization: signedIn.withAnyScope(),
  },
  fields: {
    Account: {
      // Campaigns show their account, but not who connected it.
      connection: connections,
      campaigns,
      metricsDaily: campaigns,
      searchQueries: analytics,
      events: analytics,
      analyticsReport: analytics,
      posts: analytics,
      postsById: analytics,
      locations: analytics,
      history: campaigns,
    },
    Client: { accounts: connections },
    Organization: {
      connections,
      connectionHealth: connections,
      accounts: connections,
      campaigns,
      performance: campaigns,
      clients: connections,
      // For figures of every kind.
      days: signedIn.withAnyScope(),
    },
  },
};
