import type { Resolvers } from '#integrations/resolver-types.js';
import { Account } from './account.js';
import { Alert } from './alert.js';
import { AnalyticsChange, AnalyticsField, AnalyticsMetrics, AnalyticsRow, AnalyticsTotal } from './analytics.js';
import { Annotation, Places, Posts, SearchQueryConnection } from './annotation.js';
import { Budget, BudgetForecast } from './budget.js';
import { Campaign, CampaignBudget, CampaignMetrics } from './campaign.js';
import { Ad, AdGroup, Keyword } from './campaign-part.js';
import { FigureFinding } from './explain.js';
import { SearchHit } from './finding.js';
import { Integration } from './integration.js';
import {
  AdConnection,
  AdGroupConnection,
  BusinessLocationConnection,
  CampaignConnection,
  CurrencyCampaigns,
  KeywordConnection,
  OrganizationCampaignConnection,
} from './lists.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Performance, PerformanceChange, PerformanceMetrics, PerformanceRow, PerformanceTotal } from './performance.js';
import { PlaceChange, PlaceMetrics, PlaceRow, PlaceTotal } from './places.js';
import { PostChange, PostMetrics, PostRow, PostTotal } from './posts.js';
import { Query } from './query.js';
import { SavedView } from './saved-view.js';
import { SearchChange, SearchMetrics, SearchQueryRow, SearchTotal } from './search.js';
import { AccountHistory, Client, UsageDay } from './small-types.js';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  Integration,
  Account,
  Alert,
  Budget,
  BudgetForecast,
  Campaign,
  CampaignBudget,
  CampaignMetrics,
  Client,
  AccountHistory,
  AnalyticsChange,
  AnalyticsField,
  AnalyticsMetrics,
  AnalyticsRow,
  AnalyticsTotal,
  SearchChange,
  SearchMetrics,
  SearchQueryRow,
  SearchTotal,
  Organization,
  SearchHit,
  Annotation,
  Performance,
  Places,
  Posts,
  SearchQueryConnection,
  SavedView,
  UsageDay,
  CampaignConnection,
  AdGroup,
  Ad,
  Keyword,
  AdGroupConnection,
  AdConnection,
  KeywordConnection,
  BusinessLocationConnection,
  OrganizationCampaignConnection,
  CurrencyCampaigns,
  FigureFinding,
  PerformanceChange,
  PerformanceMetrics,
  PerformanceRow,
  PerformanceTotal,
  PlaceChange,
  PlaceMetrics,
  PlaceRow,
  PlaceTotal,
  PostChange,
  PostMetrics,
  PostRow,
  PostTotal,
};
