import { isEqual } from 'es-toolkit/predicate';
import type { Notice } from '#runtime/alert.js';
import { type AtomicStore, type CompareAndSwapStore, openAtomicStore } from '#runtime/cache/atomic-store.js';
import type { Cache } from '#runtime/cache/cache.js';
import type { ProcessIdentity } from '#runtime/process/process-identity.js';
import { applyFindings, type Finding, type FiringAlerts, heldOf, mergeFiring } from './firing-alerts.js';

const TTL_MS = 48 * 60 * 60 * 1000;
const KEY = 'firing';
/** Of processes that have no database, so that those that have do not take it over. */
const KEY_WITHOUT_DATABASE = 'firing without a database';

type Change = (before: FiringAlerts) => FiringAlerts;

const update = (store: AtomicStore, key: string, change: Change) =>
  store.update<FiringAlerts>(key, (known = {}) => {
    const after = change(known);
    return isEqual(known, after) ? undefined : { value: after, ttlMs: TTL_MS };
  });

/**
 * Removes everything from a store, and returns it: of concurrent callers to one. Removes nothing, and rejects, when `isReady` does: what
 * it is moved to is away.
 */
async function take(store: AtomicStore, isReady: () => Promise<unknown>): Promise<FiringAlerts> {
  const present = (await store.read<FiringAlerts>(KEY)) ?? {};
  if (Object.keys(present).length === 0) return {};
  await isReady();
  let taken: FiringAlerts = {};
  await update(store, KEY, (before) => {
    taken = before;
    return {};
  });
  return taken;
}

/**
 * What holds, as all processes have found it together: in PostgreSQL; while that is away in Redis, and without Redis in this process
 * alone. Of what they find at the same time, one of them notifies operators.
 */
export class SharedAlerts {
  readonly #database: AtomicStore | undefined;
  readonly #cache: AtomicStore;
  /** What this process found when it looked last, as it was shared then, wherever. */
  #found: FiringAlerts = {};

  /** `database` is undefined in a process without one. It rejects while it is away, and soon. */
  constructor({ database, cache }: { database: CompareAndSwapStore | undefined; cache: Cache }) {
    this.#database = database && openAtomicStore(database, 'alerts');
    this.#cache = cache.atomicStore('alerts');
  }

  /** Updates what is known of an event, in PostgreSQL or, while it is away, in the cache. */
  readonly updateEvent: AtomicStore['update'] = async (key, change) => {
    if (!this.#database) return this.#cache.update(key, change);
    try {
      await this.#database.update(key, change);
    } catch {
      await this.#cache.update(key, change);
    }
  };

  /** Adds what this process has found, and returns what it is to report. */
  async share(findings: Finding[], by: { now: Date; source: ProcessIdentity }): Promise<Notice[]> {
    let result: ReturnType<typeof applyFindings> = { after: {}, notices: [] };
    const apply = (before: FiringAlerts) => {
      result = applyFindings(before, findings, by);
      return result.after;
    };
    const database = this.#database;
    if (!database) {
      await update(this.#cache, KEY_WITHOUT_DATABASE, apply);
      return result.notices;
    }
    // What this process still finds, as it was reported: another may be just about to move it from one place to the other.
    let known = heldOf(this.#found, findings);
    try {
      known = mergeFiring(await take(this.#cache, () => database.read(KEY)), known);
      await update(database, KEY, (before) => apply(mergeFiring(before, known)));
    } catch {
      // The condition about the database says why.
      await update(this.#cache, KEY, (before) => apply(mergeFiring(before, known)));
    }
    this.#found = heldOf(result.after, findings);
    return result.notices;
  }
}
