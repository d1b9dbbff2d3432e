import type { Resolvers } from '#integrations/resolver-types.js';
import { Account } from './account.js';
import { AnalyticsRow } from './analytics-row.js';
import { BusinessLocation } from './business-location.js';
import { Campaign, CampaignMetrics } from './campaign.js';
import { Client } from './client.js';
import { Connection } from './connection.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  Connection,
  Account,
  Campaign,
  CampaignMetrics,
  Client,
  AnalyticsRow,
  BusinessLocation,
  Organization,
};
