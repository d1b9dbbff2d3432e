import { z } from 'zod';
import { nextHour } from '#integrations/calendar-day.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { Charge, LimitOwner, LimitRules, ReportedLimit } from '#integrations/quota/limits.js';
import { reportedPause, reportedWindow } from '#integrations/quota/reported.js';

const HOUR_MS = 60 * 60 * 1000;

// Google reports the remainder without the total: of standard properties, and of Analytics 360.
// https://developers.google.com/analytics/devguides/reporting/data/v1/quotas
const tokens = {
  tokensPerDay: [200_000, 2_000_000],
  tokensPerHour: [40_000, 400_000],
  tokensPerProjectPerHour: [14_000, 140_000],
} as const;

type TokenLimit = keyof typeof tokens;
const tokenLimits = Object.keys(tokens) as TokenLimit[];

/** Concurrent reports of a standard property. */
const REPORTS_AT_ONCE = 10;
const AT_ONCE = 'reports at once';
const BUSY_MS = 1_000;

const status = z.object({ consumed: z.number().optional(), remaining: z.number() }).optional().catch(undefined);
const withQuota = z.object({
  propertyQuota: z
    .object({ tokensPerDay: status, tokensPerHour: status, tokensPerProjectPerHour: status })
    .optional()
    .catch(undefined),
});
const answers = z.union([
  z.object({ reports: z.array(withQuota) }),
  withQuota.transform((one) => ({ reports: [one] })),
]);
const refusal = z.object({ error: z.object({ message: z.string() }) });

/** Quotas end at midnight in California. */
const endOfDay = (now: Date): number => nextHour('America/Los_Angeles', 0, now).getTime();

const endOfHour = (now: Date) => now.getTime() - (now.getTime() % HOUR_MS) + HOUR_MS;

const endOf = (limit: TokenLimit, now: Date) => (limit === 'tokensPerDay' ? endOfDay(now) : endOfHour(now));

const propertyIn = (url: string) => /\/properties\/(\d+):(?:batchRunReports|runReport)$/.exec(url)?.[1];

function exhaustedIn({ status: code, json }: WireAnswer): TokenLimit | typeof AT_ONCE | undefined {
  const parsed = refusal.safeParse(json);
  if (code !== 429 || !parsed.success) return undefined;
  const { message } = parsed.data.error;
  if (/concurrent requests/i.test(message)) return AT_ONCE;
  if (/tokens per day/i.test(message)) return 'tokensPerDay';
  if (/for a project per hour/i.test(message)) return 'tokensPerProjectPerHour';
  return /tokens per hour/i.test(message) ? 'tokensPerHour' : undefined;
}

/** Returns the seconds to wait, if the refusal names its limit. */
export function retryAfterIn(answer: WireAnswer, now: Date): number | undefined {
  const limit = exhaustedIn(answer);
  if (!limit) return undefined;
  return Math.ceil((limit === AT_ONCE ? BUSY_MS : endOf(limit, now) - now.getTime()) / 1000);
}

function reportedIn(json: unknown, of: LimitOwner, now: Date): ReportedLimit[] {
  const parsed = answers.safeParse(json);
  const quotas = parsed.success ? parsed.data.reports.flatMap(({ propertyQuota }) => propertyQuota ?? []) : [];
  return tokenLimits.flatMap((limit) => {
    const reported = quotas.flatMap((quota) => quota[limit] ?? []);
    if (reported.length === 0) return [];
    const remaining = Math.min(...reported.map((one) => one.remaining));
    const cost = reported.reduce((sum, { consumed = 0 }) => sum + consumed, 0);
    const max = tokens[limit].find((amount) => remaining <= amount);
    return reportedWindow(of, limit, { max, remaining, resetsAt: endOf(limit, now), cost }, now);
  });
}

/** Google Analytics reports a property's remaining tokens with each report that requests them. */
export const limits: LimitRules = {
  chargesOf({ url }) {
    const property = propertyIn(url);
    if (!property) return [];
    const of = { account: property };
    return [
      { of, limit: AT_ONCE, kind: 'concurrency', max: REPORTS_AT_ONCE },
      ...tokenLimits.map((limit): Charge => ({ of, limit, kind: 'window' })),
    ];
  },

  reportedBy(answer, { url }, now) {
    const property = propertyIn(url);
    if (!property) return [];
    const of = { account: property };
    if (answer.status === 200) return reportedIn(answer.json, of, now);
    const limit = exhaustedIn(answer);
    if (!limit) return [];
    return reportedPause(of, limit, limit === AT_ONCE ? BUSY_MS : endOf(limit, now) - now.getTime(), now);
  },
};
