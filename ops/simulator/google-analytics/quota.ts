import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { dayIn } from '#simulator/data/calendar.js';
import { GoogleError } from '#simulator/google/errors.js';
import type { World } from '#simulator/world.js';

const PACIFIC = 'America/Los_Angeles';
const QUOTAS = 'https://developers.google.com/analytics/devguides/reporting/data/v1/quotas';

/** Core and realtime reports have separate quotas. */
export type Budget = 'core' | 'realtime';

interface QuotaUse {
  world: World;
  property: AnalyticsProperty;
  budget: Budget;
  clientId: string;
}

const runningReports = new WeakMap<World, Map<string, number>>();

/** Runs a report; throws at the property's limit of concurrent requests. */
export async function withConcurrencySlot<T>({ world, property, budget }: QuotaUse, work: () => T): Promise<T> {
  const running = runningReports.get(world) ?? new Map<string, number>();
  runningReports.set(world, running);
  const key = `${budget} ${property.id}`;
  const active = running.get(key) ?? 0;
  if (active >= world.settings.analyticsConcurrentRequests) {
    throw exhausted('Exhausted concurrent requests quota. Please wait for existing requests to complete.');
  }
  running.set(key, active + 1);
  try {
    const { analyticsReportMs } = world.settings;
    if (analyticsReportMs > 0) await new Promise((resolve) => setTimeout(resolve, analyticsReportMs).unref());
    return work();
  } finally {
    running.set(key, (running.get(key) ?? 1) - 1);
  }
}

/** Throws when a property, or an app there, has used up its tokens. */
export function checkTokens(use: QuotaUse): void {
  const { day, hour, projectHour } = keysOf(use);
  const { dailyUsage, settings } = use.world;
  if (dailyUsage.count(day) >= settings.analyticsTokensPerDay) {
    throw exhausted('Exhausted property tokens per day. These quota tokens will return in under 24 hours.');
  }
  if (dailyUsage.count(hour) >= settings.analyticsTokensPerHour) {
    throw exhausted('Exhausted property tokens per hour. These quota tokens will return in under 1 hour.');
  }
  if (dailyUsage.count(projectHour) >= settings.analyticsTokensPerProjectPerHour) {
    throw exhausted(
      'Exhausted property tokens for a project per hour. These quota tokens will return in under 1 hour.',
    );
  }
}

/** Charges a report's tokens and returns the quota in the wire format. */
export function chargeTokens(use: QuotaUse, consumed: number) {
  const { day, hour, projectHour } = keysOf(use);
  const { dailyUsage, settings } = use.world;
  for (const key of [day, hour, projectHour]) dailyUsage.add(key, consumed);
  const status = (key: string, limit: number) => ({ consumed, remaining: Math.max(0, limit - dailyUsage.count(key)) });
  return {
    tokensPerDay: status(day, settings.analyticsTokensPerDay),
    tokensPerHour: status(hour, settings.analyticsTokensPerHour),
    concurrentRequests: { remaining: settings.analyticsConcurrentRequests },
    serverErrorsPerProjectPerHour: { remaining: 10 },
    potentiallyThresholdedRequestsPerHour: { remaining: 120 },
    tokensPerProjectPerHour: status(projectHour, settings.analyticsTokensPerProjectPerHour),
  };
}

// Keys contain the Pacific day and the hour, so counting over a day is exact.
function keysOf({ world, property, budget, clientId }: QuotaUse) {
  const now = world.clock.now();
  const key = `google-analytics ${budget} ${property.id}`;
  const hour = `${key} hour ${Math.floor(now.getTime() / 3_600_000)}`;
  return { day: `${key} day ${dayIn(PACIFIC, now)}`, hour, projectHour: `${hour} ${clientId}` };
}

function exhausted(message: string): GoogleError {
  return new GoogleError(429, { message: `${message} To learn more, see ${QUOTAS}` });
}
