import { groupBy } from 'es-toolkit/array';
import type { AtomicStore } from '#runtime/cache/atomic-store.js';
import { currentPriority } from '#runtime/scope/priority.js';
import { currentScope } from '#runtime/scope/scope.js';
import type { Caller, Ending, Verdict } from './kinds/limit-kind.js';
import { acquire, applyReport, judge, type LimitState, type Limits, refresh, release } from './limit-state.js';
import type { Charge, LimitOwner, ReportedLimit } from './limits.js';

export interface SentRequest {
  charges: Charge[];
  sentAt: number;
  reported: ReportedLimit[];
}

const KEPT_MS = 25 * 60 * 60 * 1000;

/** Returns the key of an owner's limits; undefined for an unknown owner. */
export function limitsKey(
  providerId: string,
  owner: LimitOwner,
  customer: { organizationId: string; connectionId: string } | undefined,
): string | undefined {
  if (owner === 'app') return `app ${providerId}`;
  if (!customer) return undefined;
  const { organizationId, connectionId } = customer;
  return owner === 'person'
    ? `${organizationId} ${providerId} connection ${connectionId}`
    : `${organizationId} ${providerId} account ${owner.account}`;
}

function stateIn(limits: Limits, { limit }: Charge, now: number): LimitState | undefined {
  const state = limits[limit];
  return state && refresh(state, now);
}

const merge = (limits: Limits, changed: Limits): Limits | undefined =>
  Object.keys(changed).length > 0 ? { ...limits, ...changed } : undefined;

function released(
  limits: Limits,
  { charges, sentAt }: Pick<SentRequest, 'charges' | 'sentAt'>,
  endingOf: (charge: Charge) => Ending,
  now: number,
): Limits | undefined {
  const changed: Limits = {};
  for (const charge of charges) {
    const before = stateIn(limits, charge, now);
    const after = before && release(before, sentAt, endingOf(charge));
    if (after && after !== before) changed[charge.limit] = after;
  }
  return merge(limits, changed);
}

/** The limit that lets a request go last. */
function latestOf(verdicts: Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (one, other) => {
      if (one.mayGo) return other;
      return other.mayGo || one.at >= other.at ? one : other;
    },
    { mayGo: true },
  );
}

/** Provider limits and their use, shared by all processes. */
export class ProviderLimitStore {
  readonly #store: AtomicStore;
  readonly #reserve: number;

  /** `reserve` is for interactive requests: 0.2 = a fifth. */
  constructor(store: AtomicStore, reserve: number) {
    this.#store = store;
    this.#reserve = reserve;
  }

  #callerAt(now: number): Caller {
    return { now, isBackground: currentPriority() === 'background', reserve: this.#reserve };
  }

  /** Unknown owners are left out. */
  #byKey<Owned extends { of: LimitOwner }>(providerId: string, owned: Owned[]): Map<string, Owned[]> {
    const { customer } = currentScope();
    const { '': _unknown, ...groups } = groupBy(owned, ({ of }) => limitsKey(providerId, of, customer) ?? '');
    return new Map(Object.entries(groups));
  }

  #change(key: string, change: (limits: Limits) => Limits | undefined): Promise<void> {
    return this.#store.update<Limits>(key, (limits = {}) => {
      const value = change(limits);
      return value && { value, ttlMs: KEPT_MS };
    });
  }

  async #acquireOwned(key: string, charges: Charge[], caller: Caller): Promise<Verdict> {
    let verdict: Verdict = { mayGo: true };
    await this.#change(key, (limits) => {
      const stateOf = (charge: Charge) => stateIn(limits, charge, caller.now);
      verdict = latestOf(charges.map((charge) => judge(stateOf(charge), charge, caller)));
      if (!verdict.mayGo) return undefined;
      const changed: Limits = {};
      for (const charge of charges) {
        const before = stateOf(charge);
        const after = acquire(before, charge, caller);
        if (after && after !== before) changed[charge.limit] = after;
      }
      return merge(limits, changed);
    });
    return verdict;
  }

  /** Charges a request to all of its limits, or to none. */
  async acquire(providerId: string, charges: Charge[], now: number): Promise<Verdict> {
    const caller = this.#callerAt(now);
    const acquired: [string, Charge[]][] = [];
    for (const [key, own] of this.#byKey(providerId, charges)) {
      const verdict = await this.#acquireOwned(key, own, caller);
      if (!verdict.mayGo) {
        const giveBack = ([done, charged]: [string, Charge[]]) =>
          this.#change(done, (limits) => released(limits, { charges: charged, sentAt: now }, () => 'kept', now));
        await Promise.all(acquired.map(giveBack));
        return verdict;
      }
      acquired.push([key, own]);
    }
    return { mayGo: true };
  }

  /** Returns whether a request would be allowed. */
  async check(providerId: string, charges: Charge[], now: number): Promise<Verdict> {
    const caller = this.#callerAt(now);
    const verdicts = [...this.#byKey(providerId, charges)].map(async ([key, own]) => {
      const limits = (await this.#store.read<Limits>(key)) ?? {};
      return own.map((charge) => judge(stateIn(limits, charge, now), charge, caller));
    });
    return latestOf((await Promise.all(verdicts)).flat());
  }

  /** Ends a request, with what its answer reported. */
  async release(providerId: string, { charges, sentAt, reported }: SentRequest, now: number): Promise<void> {
    const reportsByKey = this.#byKey(providerId, reported);
    const chargesByKey = this.#byKey(providerId, charges);
    const releaseOwned = (key: string) =>
      this.#change(key, (limits) => {
        const reports = reportsByKey.get(key) ?? [];
        const isReported = ({ limit }: Charge) => reports.some((one) => one.limit === limit && one.kind !== 'pause');
        const endingOf = (charge: Charge): Ending => (isReported(charge) ? 'answered' : 'silent');
        const next = released(limits, { charges: chargesByKey.get(key) ?? [], sentAt }, endingOf, now);
        if (reports.length === 0) return next;
        const all = { ...(next ?? limits) };
        for (const report of reports) {
          const state = all[report.limit];
          all[report.limit] = applyReport(state && refresh(state, now), report, now);
        }
        return all;
      });
    await Promise.all([...new Set([...chargesByKey.keys(), ...reportsByKey.keys()])].map(releaseOwned));
  }

  /** Returns the recorded limits by `limitsKey`. */
  async read(keys: string[]): Promise<Limits[]> {
    return Promise.all(keys.map(async (key) => (await this.#store.read<Limits>(key)) ?? {}));
  }
}
