import { groupBy } from '#integrations/group-by.js';
import type { AtomicStore } from '#runtime/cache/atomic-store.js';
import { currentPriority } from '#runtime/scope/priority.js';
import { currentScope } from '#runtime/scope/scope.js';
import {
  type Asker,
  afterLeaving,
  afterReturning,
  afterTold,
  type Ending,
  judge,
  type LimitState,
  type Limits,
  refresh,
  type Verdict,
} from './limit-state.js';
import type { Draw, LimitOwner, Told } from './limits.js';

/** What came of a request that left. */
export interface Return {
  draws: Draw[];
  leftAt: number;
  told: Told[];
}

const KEPT_MS = 25 * 60 * 60 * 1000;

/** Returns where the limits of an owner are written, which names whom they belong to; undefined = nobody is known. */
export function placeOf(
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

const refreshed = (state: LimitState | undefined, draw: Draw, now: number) =>
  state && refresh(state, now, draw.counted?.windowMs);

/** What all processes of an installation know of the limits of providers, and what they used of them. */
export class LimitBook {
  readonly #store: AtomicStore;
  readonly #reserve: number;

  /** `reserve` is the part of each limit that is kept for what somebody waits for: 0.2 = a fifth. */
  constructor(store: AtomicStore, reserve: number) {
    this.#store = store;
    this.#reserve = reserve;
  }

  #askerAt(now: number): Asker {
    return { now, isBackground: currentPriority() === 'background', reserve: this.#reserve };
  }

  #byPlace<Owned extends { of: LimitOwner }>(providerId: string, owned: Owned[]): [string, Owned[]][] {
    const { customer } = currentScope();
    const groups = [...groupBy(owned, ({ of }) => placeOf(providerId, of, customer) ?? '')];
    return groups.filter(([place]) => place !== '');
  }

  #change(place: string, change: (limits: Limits) => Limits | undefined): Promise<void> {
    return this.#store.update<Limits>(place, (limits = {}) => {
      const value = change(limits);
      return value && { value, ttlMs: KEPT_MS };
    });
  }

  async #leaveOne(place: string, draws: Draw[], asker: Asker): Promise<Verdict> {
    let verdict: Verdict = { mayGo: true };
    await this.#change(place, (limits) => {
      const states = draws.map((draw) => refreshed(limits[draw.limit], draw, asker.now));
      const verdicts = draws.map((draw, n) => judge(states[n], draw, asker));
      verdict = latestOf(verdicts);
      if (!verdict.mayGo) return undefined;
      const next = draws.map((draw, n) => [draw.limit, afterLeaving(states[n], draw, asker)] as const);
      const changed = next.filter(([, state], n) => state && state !== states[n]);
      return changed.length > 0 ? { ...limits, ...(Object.fromEntries(changed) as Limits) } : undefined;
    });
    return verdict;
  }

  async #takeBack(places: [string, Draw[]][], leftAt: number): Promise<void> {
    await Promise.all(
      places.map(([place, draws]) =>
        this.#change(place, (limits) => returned(limits, draws, leftAt, () => 'kept', leftAt)),
      ),
    );
  }

  /** Says whether a request may leave, and takes down that it did. */
  async leave(providerId: string, draws: Draw[], now: number): Promise<Verdict> {
    const places = this.#byPlace(providerId, draws);
    const asker = this.#askerAt(now);
    for (const [n, [place, own]] of places.entries()) {
      const verdict = await this.#leaveOne(place, own, asker);
      if (verdict.mayGo) continue;
      await this.#takeBack(places.slice(0, n), now);
      return verdict;
    }
    return { mayGo: true };
  }

  /** Says whether a request might leave, and takes down nothing. */
  async look(providerId: string, draws: Draw[], now: number): Promise<Verdict> {
    const asker = this.#askerAt(now);
    const verdicts = this.#byPlace(providerId, draws).map(async ([place, own]) => {
      const limits = (await this.#store.read<Limits>(place)) ?? {};
      return own.map((draw) => judge(refreshed(limits[draw.limit], draw, now), draw, asker));
    });
    return latestOf((await Promise.all(verdicts)).flat());
  }

  /** Takes down what an answer told, and that a request is no longer on its way. */
  async comeBack(providerId: string, { draws, leftAt, told }: Return, now: number): Promise<void> {
    const tolds = new Map(this.#byPlace(providerId, told));
    const drawn = new Map(this.#byPlace(providerId, draws));
    await Promise.all(
      [...new Set([...drawn.keys(), ...tolds.keys()])].map((place) =>
        this.#change(place, (limits) => {
          const ownTold = tolds.get(place) ?? [];
          const isTold = ({ limit }: Draw) => ownTold.some((one) => one.limit === limit && one.kind !== 'pause');
          const endingOf = (draw: Draw): Ending => (isTold(draw) ? 'answered' : 'silent');
          const next = returned(limits, drawn.get(place) ?? [], leftAt, endingOf, now);
          if (ownTold.length === 0) return next;
          const all = { ...(next ?? limits) };
          for (const one of ownTold) {
            const state = all[one.limit];
            all[one.limit] = afterTold(state && refresh(state, now), one, now);
          }
          return all;
        }),
      ),
    );
  }

  /** Returns what is known of the limits of each owner, as it was taken down. */
  async read(places: string[]): Promise<Limits[]> {
    return Promise.all(places.map(async (place) => (await this.#store.read<Limits>(place)) ?? {}));
  }
}

/** Of several limits the one that lets a request leave last. */
function latestOf(verdicts: Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (one, other) => {
      if (one.mayGo) return other;
      return other.mayGo || one.at >= other.at ? one : other;
    },
    { mayGo: true },
  );
}

function returned(
  limits: Limits,
  draws: Draw[],
  leftAt: number,
  endingOf: (draw: Draw) => Ending,
  now: number,
): Limits | undefined {
  const next = { ...limits };
  let isChanged = false;
  for (const draw of draws) {
    const before = refreshed(limits[draw.limit], draw, now);
    if (!before) continue;
    const after = afterReturning(before, draw, leftAt, endingOf(draw));
    if (after === before) continue;
    next[draw.limit] = after;
    isChanged = true;
  }
  return isChanged ? next : undefined;
}
