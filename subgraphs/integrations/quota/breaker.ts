import { groupBy } from '#integrations/group-by.js';
import type { AtomicStore } from '#runtime/cache/atomic-store.js';
import type { Logger } from '#runtime/log/logger.js';
import { afterAsking, type Leave, leaveOf, type Outcome, probing, type Trouble } from './breaker-state.js';
import { outcomeOf } from './outcome-of.js';

export interface BreakerOptions {
  store: AtomicStore;
  logger: Logger;
  now(): Date;
  /** How often in a row asking one account must fail before it is left alone for a while. */
  failuresToOpen: number;
}

/** The connection an account is asked with. */
export interface Line {
  organizationId: string;
  providerId: string;
  connectionId: string;
}

/** How a breaker asks: what stands in `places`, all of it together, and what it says where an account is left alone. */
export interface GuardedAsk<Answer> {
  /** The account of each question, by its id at the provider. */
  accountIds: string[];
  ask(places: number[], isProbe: boolean): Promise<Answer[]>;
  /** `retryAfter` in seconds. */
  refuse(retryAfter: number): Answer;
}

/** The accounts of one connection that are in trouble, by their ids at the provider. */
type Troubles = Record<string, Trouble>;

const KEPT_MS = 60 * 60 * 1000;

/** Of several answers of one account: one that works is enough. */
function together(outcomes: Outcome[]): Outcome {
  if (outcomes.includes('answered')) return 'answered';
  return outcomes.includes('failed') ? 'failed' : 'unknown';
}

/**
 * Leaves accounts alone that fail again and again, each for itself: a provider in trouble is not made worse, and nobody waits
 * for what will not come. All processes know of it.
 */
export class Breaker {
  readonly #options: BreakerOptions;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  #placeOf({ organizationId, providerId, connectionId }: Line): string {
    return `${organizationId} ${providerId} trouble ${connectionId}`;
  }

  /** Not knowing what is in trouble must not become an outage. */
  async #unlessBroken<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'It is not known which accounts are in trouble for the moment');
      return otherwise;
    }
  }

  #read(line: Line): Promise<Troubles | undefined> {
    return this.#unlessBroken(() => this.#options.store.read<Troubles>(this.#placeOf(line)), undefined);
  }

  #change(line: Line, change: (troubles: Troubles) => Troubles | undefined): Promise<void> {
    const work = () =>
      this.#options.store.update<Troubles>(this.#placeOf(line), (troubles = {}) => {
        const value = change(troubles);
        return value && { value, ttlMs: KEPT_MS };
      });
    return this.#unlessBroken(work, undefined);
  }

  /** Says which accounts may be asked; of an account that may be probed, to one asker only. */
  async #leavesOf(line: Line, accountIds: string[], known: Troubles | undefined): Promise<Map<string, Leave>> {
    const now = this.#options.now().getTime();
    const judge = (troubles: Troubles = {}) =>
      new Map(accountIds.map((id): [string, Leave] => [id, leaveOf(troubles[id], now)]));
    let leaves = judge(known);
    if (![...leaves.values()].some(({ kind }) => kind === 'probe')) return leaves;
    await this.#change(line, (troubles) => {
      leaves = judge(troubles);
      const begun = accountIds.filter((id) => leaves.get(id)?.kind === 'probe');
      if (begun.length === 0) return undefined;
      const probed = begun.map((id) => [id, probing(troubles[id] as Trouble, now)] as const);
      return { ...troubles, ...(Object.fromEntries(probed) as Troubles) };
    });
    return leaves;
  }

  async #note(line: Line, outcomes: Map<string, Outcome>, wasProbe: boolean): Promise<void> {
    const { now, logger, failuresToOpen } = this.#options;
    const asked = { now: now().getTime(), failuresToOpen, wasProbe };
    const opened: string[] = [];
    const apply = (troubles: Troubles): Troubles | undefined => {
      const next = { ...troubles };
      opened.length = 0;
      for (const [id, outcome] of outcomes) {
        const trouble = afterAsking(troubles[id], outcome, asked);
        if (trouble) next[id] = trouble;
        else delete next[id];
        if (trouble?.openUntil !== undefined && trouble.openUntil !== troubles[id]?.openUntil && outcome === 'failed')
          opened.push(id);
      }
      return JSON.stringify(next) === JSON.stringify(troubles) ? undefined : next;
    };
    await this.#change(line, apply);
    if (opened.length > 0)
      logger.warn({ ...line, accountIds: opened }, 'Accounts at a provider are left alone for a while');
  }

  /** Asks what may be asked, and returns an answer for each question, in their order. */
  async guard<Answer>(line: Line, { accountIds, ask, refuse }: GuardedAsk<Answer>): Promise<Answer[]> {
    const known = await this.#read(line);
    const leaves = await this.#leavesOf(line, [...new Set(accountIds)], known);
    const answers = new Map<number, Answer>();
    const idAt = (place: number) => accountIds[place] as string;

    const askAt = async (places: number[], isProbe: boolean): Promise<Map<string, Outcome>> => {
      if (places.length === 0) return new Map();
      const found = await ask(places, isProbe);
      for (const [n, place] of places.entries()) answers.set(place, found[n] as Answer);
      const groups = [...groupBy(places, idAt)];
      const outcomes = new Map(groups.map(([id, own]) => [id, together(own.map((at) => outcomeOf(answers.get(at))))]));
      // Nothing to write where all is well, which is nearly always.
      const isNews = known !== undefined || [...outcomes.values()].includes('failed');
      if (isNews) await this.#note(line, outcomes, isProbe);
      return outcomes;
    };

    const placesOf = (kind: Leave['kind']) =>
      [...accountIds.keys()].filter((at) => leaves.get(idAt(at))?.kind === kind);
    const probes = placesOf('probe').filter((place) => accountIds.indexOf(idAt(place)) === place);
    const [, probed] = await Promise.all([askAt(placesOf('ask'), false), askAt(probes, true)]);
    // Whoever answered the probe is asked the rest.
    const rest = placesOf('probe').filter((place) => !answers.has(place));
    await askAt(
      rest.filter((place) => probed.get(idAt(place)) === 'answered'),
      false,
    );

    const refused = [...accountIds.keys()].filter((place) => !answers.has(place));
    const retryAfters = await this.#retryAftersOf(line, new Set(refused.map(idAt)));
    for (const place of refused) answers.set(place, refuse(retryAfters.get(idAt(place)) ?? 1));
    return [...accountIds.keys()].map((place) => answers.get(place) as Answer);
  }

  async #retryAftersOf(line: Line, accountIds: Set<string>): Promise<Map<string, number>> {
    if (accountIds.size === 0) return new Map();
    const now = this.#options.now().getTime();
    const troubles = (await this.#read(line)) ?? {};
    const secondsOf = (leave: Leave) => (leave.kind === 'wait' ? Math.max(1, Math.ceil((leave.at - now) / 1000)) : 1);
    return new Map([...accountIds].map((id) => [id, secondsOf(leaveOf(troubles[id], now))]));
  }
}
