import { atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

const admin = atLeast('ADMIN');
const analyst = atLeast('ANALYST', 'write:clients');
const annotator = atLeast('ANALYST', 'write:annotations');
const alerts = atLeast('ANALYST', 'write:alerts');
const connections = signedIn.withScope('read:connections');
const campaigns = signedIn.withScope('read:campaigns');
const analytics = signedIn.withScope('read:analytics');
/** What billing counts. */
const billing = signedIn.withScope('read:billing');
/** Also for members limited to some clients: loaders and lists show those only. */
const ownAccounts = connections.withinClients();
const ownCampaigns = campaigns.withinClients();
const ownAnalytics = analytics.withinClients();

export const permissions: Permissions = {
  Query: {
    providers: ownAccounts,
    connection: connections,
    account: ownAccounts,
    campaign: ownCampaigns,
    savedView: ownCampaigns,
    client: ownAccounts,
    receivedConsent: service,
  },
  Mutation: {
    authorizeConnection: admin,
    disconnect: admin.alsoReadOnly(),
    checkConnection: atLeast('ANALYST'),
    beginReconnect: service,
    setBudget: atLeast('ANALYST', 'write:budgets'),
    createAlertRule: alerts,
    updateAlertRule: alerts,
    deleteAlertRule: alerts.alsoReadOnly(),
    acknowledgeAlert: alerts,
    muteAlert: alerts,
    createClient: analyst,
    updateClient: analyst,
    archiveClient: analyst.alsoReadOnly(),
    restoreClient: analyst,
    deleteClient: analyst.alsoReadOnly(),
    createAnnotation: annotator,
    updateAnnotation: annotator,
    deleteAnnotation: annotator.alsoReadOnly(),
    // Sharing needs ANALYST. A view belongs to a person: keys have none.
    createSavedView: signedIn.withinClients(),
    updateSavedView: signedIn.withinClients(),
    deleteSavedView: signedIn.withinClients().alsoReadOnly(),
    backfillHistory: admin,
    cancelHistoryBackfill: admin.alsoReadOnly(),
    refreshHistory: admin,
    setRestatedDays: admin,
    // Its service requires ADMIN, and uses the code up when it refuses.
    completeConnection: signedIn,
    receiveConsent: service,
  },
  entities: {
    Integration: connections,
    Account: ownAccounts,
    Client: ownAccounts,
    SavedView: ownCampaigns,
    UsageDay: billing,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Account: {
      // Campaigns show their account, but not who connected it, nor what else that opens.
      connection: connections,
      campaigns: ownCampaigns,
      metricsDaily: ownCampaigns,
      analyticsCatalogue: ownAnalytics,
      locations: ownAnalytics,
      history: ownCampaigns,
    },
    Client: { accounts: ownAccounts },
    Organization: {
      connectionCount: billing,
      accountCount: billing,
      clientCount: billing,
      connections,
      connectionHealth: connections,
      budgets: ownCampaigns,
      alertRules: campaigns,
      alerts: campaigns,
      accounts: ownAccounts,
      campaigns: ownCampaigns,
      performance: ownCampaigns,
      searchQueries: ownAnalytics,
      places: ownAnalytics,
      posts: ownAnalytics,
      // Performance shows clients and accounts with this scope, too.
      search: ownCampaigns,
      analytics: ownAnalytics,
      annotations: ownCampaigns,
      savedViews: ownCampaigns,
      clients: ownAccounts,
      // For figures of every kind.
      days: signedIn.withAnyScope().withinClients(),
      figureDays: signedIn.withAnyScope().withinClients(),
    },
  },
};
