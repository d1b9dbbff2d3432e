import type { OrganizationResolvers } from '#integrations/resolver-types.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { readDays } from '#integrations/services/accounts/read-days.js';
import { listAlerts } from '#integrations/services/alerts/alert-list.js';
import { listAlertRules } from '#integrations/services/alerts/alert-rules.js';
import { readAnalytics } from '#integrations/services/analytics/read-analytics.js';
import { listAnnotations } from '#integrations/services/annotations/list-annotations.js';
import { readBudgets } from '#integrations/services/budgets/read-budgets.js';
import { listOrganizationCampaigns } from '#integrations/services/campaigns/list-organization-campaigns.js';
import { listClients } from '#integrations/services/clients/list-clients.js';
import { listConnections } from '#integrations/services/connect/list-connections.js';
import { figureDays } from '#integrations/services/figures/figure-days.js';
import { searchOrganization } from '#integrations/services/finding/search-organization.js';
import { readConnectionHealth } from '#integrations/services/health/connection-health.js';
import { readPerformance } from '#integrations/services/performance/read-performance.js';
import { readPlaces } from '#integrations/services/places/read-places.js';
import { countInUse } from '#integrations/services/plan/in-use.js';
import { readPosts } from '#integrations/services/posts/read-posts.js';
import { readSearchQueries } from '#integrations/services/search/read-search-queries.js';
import { listSavedViews } from '#integrations/services/views/visible-views.js';

export const Organization: OrganizationResolvers = {
  // Any other is null.
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  connectionCount: ({ id: organizationId }, _args, { database }) =>
    countInUse(database, { organizationId, limit: 'CONNECTIONS' }),
  accountCount: ({ id: organizationId }, _args, { database }) =>
    countInUse(database, { organizationId, limit: 'ACCOUNTS' }),
  clientCount: ({ id: organizationId }, _args, { database }) =>
    countInUse(database, { organizationId, limit: 'CLIENTS' }),
  connections: ({ id }, _args, context) => listConnections(context, { organizationId: id }),
  budgets: ({ id, timeZone = 'UTC' }, args, context) => readBudgets(context, { organizationId: id, timeZone, ...args }),
  alertRules: ({ id }, page, context) => listAlertRules(context, { organizationId: id, ...page }),
  alerts: ({ id }, args, context) => listAlerts(context, { organizationId: id, ...args }),
  connectionHealth: ({ id }, _args, context) => readConnectionHealth(context, id),
  accounts: ({ id }, args, context) => listAccounts(context, { organizationId: id, ...args }),
  campaigns: ({ id }, args, context) => listOrganizationCampaigns(context, { organizationId: id, ...args }),
  figureDays: ({ timeZone = 'UTC' }, args, { services }) => figureDays({ timeZone, ...args }, services.now()),
  days: ({ id, timeZone }, args, context) => readDays(context, { organizationId: id, timeZone, ...args }),
  performance: ({ id, timeZone = 'UTC' }, args, context) =>
    readPerformance(context, { organizationId: id, timeZone, ...args }),
  analytics: ({ id, timeZone = 'UTC' }, args, context) =>
    readAnalytics(context, { organizationId: id, timeZone, ...args }),
  searchQueries: ({ id, timeZone = 'UTC' }, args, context) =>
    readSearchQueries(context, { organizationId: id, timeZone, ...args }),
  places: ({ id, timeZone = 'UTC' }, args, context) => readPlaces(context, { organizationId: id, timeZone, ...args }),
  posts: ({ id, timeZone = 'UTC' }, args, context) => readPosts(context, { organizationId: id, timeZone, ...args }),
  annotations: ({ id }, args, context) => listAnnotations(context, { organizationId: id, ...args }),
  savedViews: (_organization, page, context) => listSavedViews(context, page),
  search: ({ id }, args, context) => searchOrganization(context, { organizationId: id, ...args }),
  clients: ({ id }, page, context) => listClients(context, { organizationId: id, ...page }),
};
