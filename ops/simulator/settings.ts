import { z } from 'zod';

/** What an operator can change while the simulator runs. Limits that are null are not enforced. */
export const settingsSchema = z.strictObject({
  /** Rows per page of googleAds:search; Google fixes it at 10,000. */
  googleAdsPageSize: z.int().min(1).max(10_000),
  /** Rows per chunk of googleAds:searchStream. */
  googleAdsChunkSize: z.int().min(1).max(10_000),
  /** Demands the developer-token header, as Google did until September 2026. */
  requireDeveloperToken: z.boolean(),
  /** Operations per sliding 24 hours and client; 15,000 is Basic access. */
  googleAdsOperationsPerDay: z.int().min(1).nullable(),
  /** What a Google user without any Ads account gets: an error, or an empty list. */
  googleAdsStranger: z.enum(['not-ads-user', 'empty-list']),
  /** Living refresh tokens per person and app before the oldest dies. */
  googleRefreshTokens: z.int().min(1),
  /** Calls per rolling hour and ad account before code 80000 (insights) and 80004 (all else). */
  metaInsightsCallsPerHour: z.int().min(1),
  metaManagementCallsPerHour: z.int().min(1),
  /** Enforces the two limits above; the usage headers are sent either way. */
  metaThrottling: z.boolean(),
  /** Account summaries per page at most, whatever the caller asks; Google stops at 200. */
  analyticsSummariesPerPage: z.int().min(1).max(200),
  /** Tokens of one property per day (Pacific time) and hour, and those of one app within an hour. */
  analyticsTokensPerDay: z.int().min(0),
  analyticsTokensPerHour: z.int().min(0),
  analyticsTokensPerProjectPerHour: z.int().min(0),
  /** Reports one property answers at the same time, and how long each of them takes. */
  analyticsConcurrentRequests: z.int().min(0),
  analyticsReportMs: z.int().min(0).max(60_000),
  /** Search analytics queries per minute, of a site and of a person. */
  searchConsoleQueriesPerMinute: z.int().min(0),
  /** How Search Console refuses what is too much: 403 in former years, 429 nowadays. */
  searchConsoleQuotaStatus: z.union([z.literal(403), z.literal(429)]),
  /** Calls per minute and app, of each of the three Business Profile APIs; 0 = an app that Google has not approved. */
  businessProfileCallsPerMinute: z.int().min(0),
  /** Entries per page at most, whatever the caller asks; Google stops at 20 and 100. */
  businessProfileAccountsPerPage: z.int().min(1).max(20),
  businessProfileLocationsPerPage: z.int().min(1).max(100),
  /** Calls per member and resource between two midnights UTC. */
  linkedinCallsPerDay: z.int().min(1).nullable(),
  /** Elements after which an analytics answer ends without a word. */
  linkedinMaxElements: z.int().min(1).max(15_000),
  /** Whether the app is approved for refresh tokens; without them people consent anew every 60 days. */
  linkedinRefreshTokens: z.boolean(),
  /** Whether the revoke address exists; LinkedIn does not document it for every app. */
  linkedinRevocation: z.boolean(),
  /** Calls per 15 minutes to any one operation at X, for each user and for the whole app, where that is less than X's own limit. */
  xUserCalls: z.int().min(0).nullable(),
  xAppCalls: z.int().min(0).nullable(),
  /** Answers 402 everywhere, as X does to an app whose prepaid credit is spent. */
  xCreditSpent: z.boolean(),
  /** Whether the app's plan includes /2/tweets/analytics. */
  xAnalyticsEnrolled: z.boolean(),
  /** `post` adds post.fields and answers repost_count and post_count, as version 2.167 does. */
  xFieldNames: z.enum(['tweet', 'post']),
  /**
   * What a post is without fields that were asked for and refused: shown without them, or not shown at all, in which
   * case timelines end where private metrics do. X's documents can be read either way.
   */
  xRefusedFields: z.enum(['field-missing', 'post-missing']),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Returns the settings of a fresh simulator. */
export function defaultSettings(): Settings {
  return {
    googleAdsPageSize: 10_000,
    googleAdsChunkSize: 10_000,
    requireDeveloperToken: false,
    googleAdsOperationsPerDay: null,
    googleAdsStranger: 'not-ads-user',
    googleRefreshTokens: 100,
    metaInsightsCallsPerHour: 190_000,
    metaManagementCallsPerHour: 100_000,
    metaThrottling: true,
    analyticsSummariesPerPage: 200,
    analyticsTokensPerDay: 200_000,
    analyticsTokensPerHour: 40_000,
    analyticsTokensPerProjectPerHour: 14_000,
    analyticsConcurrentRequests: 10,
    analyticsReportMs: 0,
    searchConsoleQueriesPerMinute: 1_200,
    searchConsoleQuotaStatus: 429,
    businessProfileCallsPerMinute: 300,
    businessProfileAccountsPerPage: 20,
    businessProfileLocationsPerPage: 100,
    linkedinCallsPerDay: null,
    linkedinMaxElements: 15_000,
    linkedinRefreshTokens: true,
    linkedinRevocation: true,
    xUserCalls: null,
    xAppCalls: null,
    xCreditSpent: false,
    xAnalyticsEnrolled: true,
    xFieldNames: 'tweet',
    xRefusedFields: 'field-missing',
  };
}
