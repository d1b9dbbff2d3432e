import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { LimitOwner, LimitRules, Told } from '#integrations/quota/limits.js';
import { toldPause, toldWindow } from '#integrations/quota/told.js';

const HOUR_MS = 60 * 60 * 1000;

// Google tells what is left, not of how much: standard properties have the smaller amount, Analytics 360 the larger one.
// https://developers.google.com/analytics/devguides/reporting/data/v1/quotas
const tokens = {
  tokensPerDay: [200_000, 2_000_000],
  tokensPerHour: [40_000, 400_000],
  tokensPerProjectPerHour: [14_000, 140_000],
} as const;

type TokenLimit = keyof typeof tokens;
const tokenLimits = Object.keys(tokens) as TokenLimit[];

/** Reports a standard property answers at a time. */
const REPORTS_AT_ONCE = 10;
const AT_ONCE = 'reports at once';
/** A report that is one too many is answered once another one is done. */
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

const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/** Returns the next midnight in California, where the days of quotas end; an hour off on two days of the year. */
function endOfDay(now: Date): number {
  const parts = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const { hour = 0, minute = 0, second = 0 } = parts;
  const sinceMidnightMs = ((hour * 60 + minute) * 60 + second) * 1000 + now.getMilliseconds();
  return now.getTime() + 24 * HOUR_MS - sinceMidnightMs;
}

const endOfHour = (now: Date) => now.getTime() - (now.getTime() % HOUR_MS) + HOUR_MS;

const endOf = (limit: TokenLimit, now: Date) => (limit === 'tokensPerDay' ? endOfDay(now) : endOfHour(now));

const propertyIn = (url: string) => /\/properties\/(\d+):(?:batchRunReports|runReport)$/.exec(url)?.[1];

/** Returns which tokens Google says are used up. */
function exhaustedIn({ status: code, json }: WireAnswer): TokenLimit | typeof AT_ONCE | undefined {
  const parsed = refusal.safeParse(json);
  if (code !== 429 || !parsed.success) return undefined;
  const { message } = parsed.data.error;
  if (/concurrent requests/i.test(message)) return AT_ONCE;
  if (/tokens per day/i.test(message)) return 'tokensPerDay';
  if (/for a project per hour/i.test(message)) return 'tokensPerProjectPerHour';
  return /tokens per hour/i.test(message) ? 'tokensPerHour' : undefined;
}

/** Returns after how many seconds a refused report can be had; undefined when the answer does not say what is used up. */
export function retryAfterIn(answer: WireAnswer, now: Date): number | undefined {
  const limit = exhaustedIn(answer);
  if (!limit) return undefined;
  return Math.ceil((limit === AT_ONCE ? BUSY_MS : endOf(limit, now) - now.getTime()) / 1000);
}

function toldIn(json: unknown, of: LimitOwner, now: Date): Told[] {
  const parsed = answers.safeParse(json);
  const quotas = parsed.success ? parsed.data.reports.flatMap(({ propertyQuota }) => propertyQuota ?? []) : [];
  return tokenLimits.flatMap((limit) => {
    const told = quotas.flatMap((quota) => quota[limit] ?? []);
    if (told.length === 0) return [];
    const remaining = Math.min(...told.map((one) => one.remaining));
    const cost = told.reduce((sum, { consumed = 0 }) => sum + consumed, 0);
    const max = tokens[limit].find((amount) => remaining <= amount);
    return toldWindow(of, limit, { max, remaining, resetsAt: endOf(limit, now), cost }, now);
  });
}

/** Google Analytics tells the tokens that are left of a property with each report that asks for it. */
export const limits: LimitRules = {
  drawsOf({ url }) {
    const property = propertyIn(url);
    if (!property) return [];
    const of = { account: property };
    return [
      { of, limit: AT_ONCE, atOnce: REPORTS_AT_ONCE },
      ...tokenLimits.map((limit) => ({ of, limit, isTold: true })),
    ];
  },

  toldBy(answer, { url }, now) {
    const property = propertyIn(url);
    if (!property) return [];
    const of = { account: property };
    if (answer.status === 200) return toldIn(answer.json, of, now);
    const limit = exhaustedIn(answer);
    if (!limit) return [];
    return toldPause(of, limit, limit === AT_ONCE ? BUSY_MS : endOf(limit, now) - now.getTime(), now);
  },
};
