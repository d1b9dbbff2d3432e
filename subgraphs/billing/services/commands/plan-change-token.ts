import type { Context } from '#billing/context.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import { Conflict, InvalidInput, Unauthenticated } from '#runtime/errors.js';
import { PLAN_CHANGE_AUDIENCE } from '#runtime/identity/token-audiences.js';
import type { PlanChange, Target } from './plan-change.js';

/** How long a preview can be accepted. */
export const PREVIEW_SECONDS = 10 * 60;

/** What a preview has said. */
export interface PreviewClaims {
  organizationId: string;
  planId: string;
  interval: BillingInterval | null;
  kind: PlanChange['kind'];
  /** Seconds since 1970; null = nothing is charged at once. */
  prorationDate: number | null;
  /** In the currency's smallest unit. */
  amountDue: number;
  currency: string;
}

/** Returns the id of a preview, valid for ten minutes. */
export function signPreview({ services }: Pick<Context, 'services'>, claims: PreviewClaims): Promise<string> {
  return services.internalSigner.signClaims({ ...claims }, PLAN_CHANGE_AUDIENCE, PREVIEW_SECONDS);
}

const changed = () => new Conflict('Something has changed since the preview: look at a new one (previewPlanChange).');

/**
 * Returns what a preview has said. Throws InvalidInput for one of another organization, plan or interval, and for a text that is none, and
 * Conflict for one that has expired, or that something else has become of.
 */
export async function readPreview(
  { services }: Pick<Context, 'services'>,
  previewId: string,
  { organizationId, target, kind }: { organizationId: string; target: Target; kind: PlanChange['kind'] },
): Promise<PreviewClaims> {
  const foreign = () => new InvalidInput([{ argument: 'previewId', problem: 'is not a preview of this change' }]);
  const claims = await services.internalSigner
    .verifyClaims<PreviewClaims>(previewId, PLAN_CHANGE_AUDIENCE)
    .catch((error) => {
      if (error instanceof Unauthenticated && error.message.includes('expired')) throw changed();
      throw foreign();
    });
  const isOfThis = claims.planId === target.plan.id && claims.interval === target.interval;
  if (claims.organizationId !== organizationId || !isOfThis) throw foreign();
  if (claims.kind !== kind) throw changed();
  return claims;
}

/** Throws Conflict when the charge is not what a preview has said. */
export function requireAsPreviewed(
  { amountDue, currency }: Pick<PreviewClaims, 'amountDue' | 'currency'>,
  charge: Pick<PreviewClaims, 'amountDue' | 'currency'>,
): void {
  if (amountDue !== charge.amountDue || currency !== charge.currency) throw changed();
}
