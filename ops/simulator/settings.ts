import { z } from 'zod';
import { behaviours } from './gemini/write-answer.js';

/** Settings an operator can change at run time; a limit of null is not enforced. */
export const settingsSchema = z.strictObject({
  /** Rows per page of googleAds:search; 10,000 at Google. */
  googleAdsPageSize: z.int().min(1).max(10_000),
  googleAdsChunkSize: z.int().min(1).max(10_000),
  /** Requires the developer-token header, as Google did until September 2026. */
  requireDeveloperToken: z.boolean(),
  /** Operations per sliding 24 hours and client; 15,000 with Basic access. */
  googleAdsOperationsPerDay: z.int().min(1).nullable(),
  /** For a Google user without any Ads account. */
  googleAdsStranger: z.enum(['not-ads-user', 'empty-list']),
  /** Per person and app; beyond that the oldest is revoked. */
  googleRefreshTokens: z.int().min(1),
  /** Calls per rolling hour and ad account before code 80000 (insights) or 80004 (others). */
  metaInsightsCallsPerHour: z.int().min(1),
  metaManagementCallsPerHour: z.int().min(1),
  /** Enforces both limits; usage headers are sent either way. */
  metaThrottling: z.boolean(),
  /** Rows per page times days beyond which Meta asks to reduce the amount of data; what it allows is not published. */
  metaMaxRowDays: z.int().min(1).nullable(),
  /** 200 at Google. */
  analyticsSummariesPerPage: z.int().min(1).max(200),
  /** Tokens per property and Pacific day, per property and hour, and per app and hour. */
  analyticsTokensPerDay: z.int().min(0),
  analyticsTokensPerHour: z.int().min(0),
  analyticsTokensPerProjectPerHour: z.int().min(0),
  /** Concurrent reports per property, and how long each takes. */
  analyticsConcurrentRequests: z.int().min(0),
  analyticsReportMs: z.int().min(0).max(60_000),
  /** Percent of the events that are read, 100 = no sampling; and what the metadata of a report says besides. */
  analyticsSampledPercent: z.int().min(1).max(100),
  analyticsThresholding: z.boolean(),
  analyticsOtherRow: z.boolean(),
  /** Per site and per user. */
  searchConsoleQueriesPerMinute: z.int().min(0),
  /** 403 in former years, 429 now. */
  searchConsoleQuotaStatus: z.union([z.literal(403), z.literal(429)]),
  /** Per app and each of three APIs; 0 = an app Google has not approved. */
  businessProfileCallsPerMinute: z.int().min(0),
  /** Maximum entries per page; 20 and 100 at Google. */
  businessProfileAccountsPerPage: z.int().min(1).max(20),
  businessProfileLocationsPerPage: z.int().min(1).max(100),
  /** Per member, resource and UTC day. */
  linkedinCallsPerDay: z.int().min(1).nullable(),
  /** Elements after which an analytics answer ends silently. */
  linkedinMaxElements: z.int().min(1).max(15_000),
  /** Whether the app gets refresh tokens; without them people consent anew every 60 days. */
  linkedinRefreshTokens: z.boolean(),
  /** Whether the revoke endpoint exists; LinkedIn does not document it for every app. */
  linkedinRevocation: z.boolean(),
  /** Calls per 15 minutes and operation, per user and per app, where lower than X's own limits. */
  xUserCalls: z.int().min(0).nullable(),
  xAppCalls: z.int().min(0).nullable(),
  /** Answers 402 everywhere: the app's prepaid credit is used up. */
  xCreditSpent: z.boolean(),
  /** Whether the app's plan includes /2/tweets/analytics. */
  xAnalyticsEnrolled: z.boolean(),
  /** `post` adds post.fields and answers repost_count and post_count, as in version 2.167. */
  xFieldNames: z.enum(['tweet', 'post']),
  /**
   * Posts with refused fields are returned without those fields, or omitted, which ends timelines where private metrics
   * do. X's documentation can be read either way.
   */
  xRefusedFields: z.enum(['field-missing', 'post-missing']),
  /** What the model does with what it is given, and why it ends. */
  geminiBehaviour: z.enum(behaviours),
  geminiFinish: z.enum(['STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'PROMPT_BLOCKED']),
  /** Calls within a second; 25 in a sandbox at Stripe. */
  stripeRequestsPerSecond: z.int().min(1).nullable(),
  /** How long a writing call takes after it has had its effect; its idempotency key is in use meanwhile. */
  stripeWriteMs: z.int().min(0).max(60_000),
  /** Events wait until they are released by POST /stripe/webhooks. */
  stripeWebhooksHeld: z.boolean(),
  /** In random order, within what is due. */
  stripeWebhooksShuffled: z.boolean(),
  /** Delivered twice, and never, in percent of the deliveries. */
  stripeWebhooksRepeatedPercent: z.number().min(0).max(100),
  stripeWebhooksLostPercent: z.number().min(0).max(100),
  /** Why events of meters are rejected after they were accepted; null = only those that are wrong are. */
  stripeMeterRejection: z.enum(['archived_meter', 'meter_event_invalid_value', 'no_meter']).nullable(),
  /** What becomes of a subscription when all attempts to collect an invoice have failed. */
  stripeAfterRetries: z.enum(['cancel', 'unpaid', 'past_due']),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Returns the settings with which the simulator starts. */
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
    metaMaxRowDays: null,
    analyticsSummariesPerPage: 200,
    analyticsTokensPerDay: 200_000,
    analyticsTokensPerHour: 40_000,
    analyticsTokensPerProjectPerHour: 14_000,
    analyticsConcurrentRequests: 10,
    analyticsReportMs: 0,
    analyticsSampledPercent: 100,
    analyticsThresholding: false,
    analyticsOtherRow: false,
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
    geminiBehaviour: 'honest',
    geminiFinish: 'STOP',
    stripeRequestsPerSecond: null,
    stripeWriteMs: 0,
    stripeWebhooksHeld: false,
    stripeWebhooksShuffled: false,
    stripeWebhooksRepeatedPercent: 0,
    stripeWebhooksLostPercent: 0,
    stripeMeterRejection: null,
    stripeAfterRetries: 'cancel',
  };
}
