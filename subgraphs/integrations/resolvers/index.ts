import type { Resolvers } from '#integrations/resolver-types.js';
import { Account } from './account.js';
import { Campaign, CampaignMetrics } from './campaign.js';
import { Integration } from './integration.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { AnalyticsRow, BusinessLocation, Client, SearchQueryConnection } from './small-types.js';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  Integration,
  Account,
  Campaign,
  CampaignMetrics,
  Client,
  AnalyticsRow,
  BusinessLocation,
  SearchQueryConnection,
  Organization,
};
