import { FREE_PLAN, type LimitName, TRIAL_PLAN } from './plans.js';

/** `READ_ONLY`: figures can be read and exported, nothing can be changed but what the subscription needs. */
export type Access = 'FULL' | 'READ_ONLY';

/** A plan, and whether it can be used. */
export interface Standing {
  planId: string;
  access: Access;
}

/** The ids that an owner keeps in use when there are more than the plan allows, by the limit. */
export type Kept = Partial<Record<LimitName, readonly string[]>>;

/** What an organization may use: a row of `operations.entitlement`, which billing writes and every process reads. */
export interface Entitlement extends Standing {
  organizationId: string;
  /** What holds from an instant on, by the clock alone; null = nothing is due. */
  next: (Standing & { at: Date }) | null;
  kept: Kept;
}

/** The trial of an organization: 14 days from its sign-up. */
export const TRIAL_MS = 14 * 24 * 60 * 60 * 1000;

/** Returns the entitlement of an organization that has signed up: a trial, and after it read-only access. */
export function trialFrom(organizationId: string, beganAt: Date): Entitlement {
  const at = new Date(beganAt.getTime() + TRIAL_MS);
  const next = { at, planId: FREE_PLAN, access: 'READ_ONLY' } as const;
  return { organizationId, planId: TRIAL_PLAN, access: 'FULL', next, kept: {} };
}

/** What an organization may use of which nothing is known: it can read what it has. */
export const CLOSED: Standing = { planId: '', access: 'READ_ONLY' };

/** Returns the standing at an instant. */
export function standingAt({ planId, access, next }: Entitlement, now: Date): Standing {
  return next && now >= next.at ? { planId: next.planId, access: next.access } : { planId, access };
}
