import { groupBy, partition, uniqBy } from 'es-toolkit/array';
import type { AtomicStore } from '#runtime/cache/atomic-store.js';
import type { Logger } from '#runtime/log/logger.js';
import {
  afterOutcome,
  beginProbe,
  type FailureState,
  type Outcome,
  outcomeOf,
  type Permit,
  permitOf,
} from './failure-state.js';

export interface BreakerOptions {
  store: AtomicStore;
  logger: Logger;
  now(): Date;
  /** Consecutive failures of an account. */
  failuresToOpen: number;
}

/** The connection that accounts are read with. */
export interface ConnectionKey {
  organizationId: string;
  providerId: string;
  connectionId: string;
}

export interface GuardedCall<Question, Answer> {
  questions: Question[];
  accountIdOf(question: Question): string;
  ask(questions: Question[], isProbe: boolean): Promise<Map<Question, Answer>>;
  /** `retryAfter` in seconds. */
  refuse(retryAfter: number): Answer;
}

/** By account id. */
type FailureStates = Record<string, FailureState>;

const KEPT_MS = 60 * 60 * 1000;

const keyOf = ({ organizationId, providerId, connectionId }: ConnectionKey) =>
  `${organizationId} ${providerId} failures ${connectionId}`;

function combine(outcomes: Outcome[]): Outcome {
  if (outcomes.includes('answered')) return 'answered';
  return outcomes.includes('failed') ? 'failed' : 'unknown';
}

/** A circuit breaker per account, shared by all processes: failing accounts rest, then are probed with one question. */
export class Breaker {
  readonly #options: BreakerOptions;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  #now(): number {
    return this.#options.now().getTime();
  }

  /** A store that is down must not become an outage. */
  async #orElse<Result>(work: () => Promise<Result>, fallback: Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'Circuit breaker state unavailable');
      return fallback;
    }
  }

  #read(connection: ConnectionKey): Promise<FailureStates | undefined> {
    return this.#orElse(() => this.#options.store.read<FailureStates>(keyOf(connection)), undefined);
  }

  #change(connection: ConnectionKey, change: (states: FailureStates) => FailureStates | undefined): Promise<void> {
    const work = () =>
      this.#options.store.update<FailureStates>(keyOf(connection), (states = {}) => {
        const value = change(states);
        return value && { value, ttlMs: KEPT_MS };
      });
    return this.#orElse(work, undefined);
  }

  /** A probe is permitted to one caller only. */
  async #permitsOf(
    connection: ConnectionKey,
    accountIds: string[],
    known: FailureStates = {},
  ): Promise<Map<string, Permit>> {
    const now = this.#now();
    const judge = (states: FailureStates) =>
      new Map(accountIds.map((id): [string, Permit] => [id, permitOf(states[id], now)]));
    let permits = judge(known);
    if (![...permits.values()].some(({ kind }) => kind === 'probe')) return permits;
    await this.#change(connection, (states) => {
      permits = judge(states);
      const next = { ...states };
      for (const [id, { kind }] of permits) {
        const state = states[id];
        if (kind === 'probe' && state) next[id] = beginProbe(state, now);
      }
      return [...permits.values()].some(({ kind }) => kind === 'probe') ? next : undefined;
    });
    return permits;
  }

  async #record(connection: ConnectionKey, outcomes: Map<string, Outcome>, wasProbe: boolean): Promise<void> {
    const { logger, failuresToOpen } = this.#options;
    const asked = { now: this.#now(), failuresToOpen, wasProbe };
    let opened: string[] = [];
    await this.#change(connection, (states) => {
      const next = { ...states };
      opened = [];
      for (const [id, outcome] of outcomes) {
        const state = afterOutcome(states[id], outcome, asked);
        if (state) next[id] = state;
        else delete next[id];
        const isOpened = state?.openUntil !== undefined && state.openUntil !== states[id]?.openUntil;
        if (isOpened && outcome === 'failed') opened.push(id);
      }
      return JSON.stringify(next) === JSON.stringify(states) ? undefined : next;
    });
    if (opened.length > 0) logger.warn({ ...connection, accountIds: opened }, 'Circuit opened for provider accounts');
  }

  /** Asks about permitted accounts and refuses the others. Returns answers by question. */
  async guard<Question, Answer>(
    connection: ConnectionKey,
    { questions, accountIdOf, ask, refuse }: GuardedCall<Question, Answer>,
  ): Promise<Map<Question, Answer>> {
    const known = await this.#read(connection);
    const permits = await this.#permitsOf(connection, [...new Set(questions.map(accountIdOf))], known);
    const answers = new Map<Question, Answer>();

    const askSome = async (some: Question[], isProbe: boolean): Promise<Map<string, Outcome>> => {
      if (some.length === 0) return new Map();
      const found = await ask(some, isProbe);
      for (const [question, answer] of found) answers.set(question, answer);
      const groups = Object.entries(groupBy(some, accountIdOf));
      const outcomes = new Map(groups.map(([id, own]) => [id, combine(own.map((one) => outcomeOf(found.get(one))))]));
      // Usually nothing is written.
      const isNews = known !== undefined || [...outcomes.values()].includes('failed');
      if (isNews) await this.#record(connection, outcomes, isProbe);
      return outcomes;
    };

    const questionsWith = (kind: Permit['kind']) =>
      questions.filter((question) => permits.get(accountIdOf(question))?.kind === kind);
    const probed = questionsWith('probe');
    const probes = uniqBy(probed, accountIdOf);
    const [, outcomes] = await Promise.all([askSome(questionsWith('ask'), false), askSome(probes, true)]);
    const rest = probed.filter((question) => !probes.includes(question));
    const [allowed, failing] = partition(rest, (question) => outcomes.get(accountIdOf(question)) === 'answered');
    await askSome(allowed, false);

    const refused = [...questionsWith('wait'), ...failing];
    const retryAfters = await this.#retryAftersOf(connection, new Set(refused.map(accountIdOf)));
    for (const question of refused) answers.set(question, refuse(retryAfters.get(accountIdOf(question)) ?? 1));
    return answers;
  }

  async #retryAftersOf(connection: ConnectionKey, accountIds: Set<string>): Promise<Map<string, number>> {
    if (accountIds.size === 0) return new Map();
    const now = this.#now();
    const states = (await this.#read(connection)) ?? {};
    const secondsOf = (permit: Permit) =>
      permit.kind === 'wait' ? Math.max(1, Math.ceil((permit.at - now) / 1000)) : 1;
    return new Map([...accountIds].map((id) => [id, secondsOf(permitOf(states[id], now))]));
  }
}
