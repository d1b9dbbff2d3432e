import { AppError } from '#runtime/errors.js';
import type { Entitlements } from './entitlements.js';
import { findPlan, limitOf, planThatAllows } from './plans.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Services {
  entitlements: Entitlements;
  now(): Date;
}

/** Days, `YYYY-MM-DD`, both included. */
interface Days {
  start: string;
  end: string;
}

/** Returns the day, in UTC, that is so many days ago. */
const dayBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);

/**
 * Returns the first day whose figures an organization's plan includes; null = every day is included. An organization that can only read
 * reads all that there is.
 */
export async function firstIncludedDay(
  { entitlements, now }: Services,
  organizationId: string,
): Promise<string | null> {
  const { planId, access } = await entitlements.of(organizationId);
  const allowed = limitOf(planId, 'HISTORY_DAYS');
  return allowed === null || access === 'READ_ONLY' ? null : dayBefore(now(), allowed);
}

/** Throws LIMIT_REACHED for days before those that the organization's plan includes; null and undefined are no days. */
export async function requireIncludedDays(
  services: Services,
  { organizationId, days }: { organizationId: string; days: (Days | null | undefined)[] },
): Promise<void> {
  const first = await firstIncludedDay(services, organizationId);
  if (first === null) return;
  const early = days.find((one) => one && one.start < first);
  if (!early) return;
  const { planId } = await services.entitlements.of(organizationId);
  const used = Math.round((Date.parse(dayBefore(services.now(), 0)) - Date.parse(early.start)) / DAY_MS);
  const allowed = limitOf(planId, 'HISTORY_DAYS') ?? used;
  const larger = planThatAllows('HISTORY_DAYS', used);
  const name = findPlan(planId)?.name ?? 'Your plan';
  const remedy = larger ? `the plan ${larger.name} includes it` : 'no plan includes it';
  const message = `${name} includes the last ${allowed} days (HISTORY_DAYS), from ${first} on, and the range ${early.start} to ${early.end} begins earlier: ${remedy}.`;
  const limit = { name: 'HISTORY_DAYS', used, allowed, planId: larger?.id ?? null };
  throw new AppError(message, 'LIMIT_REACHED', { limit });
}
