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
