import { randomUUID } from 'node:crypto';
import type { Executor } from '#kit/executor.js';
import { medianWithin } from '#ops/bench/statistics.js';
import { beginTrial, Entitlements } from '#runtime/entitlements/entitlements.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/** Median time in microseconds, with its confidence interval. */
type Microseconds = ReturnType<typeof medianWithin>;

export interface EntitlementCheck {
  /** As mutations and limits ask: known for ten seconds. */
  known: Microseconds;
  /** The first one of an organization in ten seconds: its row is read. */
  read: Microseconds;
  /** A call to billing in this process, which the check replaces; over HTTP it takes longer. */
  asked: Microseconds;
}

export interface EntitlementCheckOptions {
  /** How many organizations take turns. */
  organizations: number;
  batches: number;
}

const KNOWN_PER_BATCH = 2_000;
const SLOW_PER_BATCH = 100;
const PLAN_LIMITS = '{ planLimits { requestsPerMinute } }';

async function measure(batches: number, perBatch: number, check: (at: number) => Promise<unknown>) {
  const times: number[] = [];
  // The first batch warms up.
  for (let batch = 0; batch <= batches; batch += 1) {
    const startedAt = performance.now();
    for (let at = 0; at < perBatch; at += 1) await check(batch * perBatch + at);
    if (batch > 0) times.push(((performance.now() - startedAt) * 1_000) / perBatch);
  }
  return medianWithin(times, 2);
}

/** Measures what a check of the entitlement costs a request, one after another, beside asking billing (`executeBilling`). */
export async function measureEntitlementCheck(
  { operations, now }: Pick<Services, 'operations' | 'now'>,
  executeBilling: Executor,
  { organizations, batches }: EntitlementCheckOptions,
): Promise<EntitlementCheck> {
  const ids = Array.from({ length: organizations }, () => randomUUID());
  for (const organizationId of ids) await beginTrial(operations, { organizationId, now: now() });
  const entitlements = new Entitlements({ operations, now, isSold: true });
  const idAt = (at: number) => ids[at % ids.length] ?? '';
  const of = (at: number) => entitlements.of(idAt(at));
  const known = await measure(batches, KNOWN_PER_BATCH, of);
  const read = await measure(batches, SLOW_PER_BATCH, (at) => {
    entitlements.forget(idAt(at));
    return of(at);
  });
  const asked = await measure(batches, SLOW_PER_BATCH, async (at) => {
    const identity: Identity = { kind: 'service', organizationId: idAt(at), scopes: [], requestId: 'bench' };
    const { errors } = await executeBilling({ query: PLAN_LIMITS }, identity);
    if (errors) throw new Error(errors[0]?.message);
  });
  return { known, read, asked };
}
