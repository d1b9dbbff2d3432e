import { LRUCache } from 'lru-cache';

const MAX_NAMES = 200;
const MAX_CANDIDATES = 2_000;
const USES_FOR_A_LABEL = 10;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;
const OTHER = 'other';

/**
 * Returns a function from the name of an operation, or of a client, to its label. Clients invent names, and each label is kept in memory: one
 * that signed-in callers used ten times within a day has a label for as long as it is used once a day and is among the 200 used
 * last; all others are "other". `forget` is called when a label ends.
 */
export function nameLabels(forget: (name: string) => void): (name: string, isSignedIn: boolean) => string {
  const kept = { ttl: FORGOTTEN_AFTER_MS, updateAgeOnGet: true };
  const labels = new LRUCache<string, true>({ ...kept, max: MAX_NAMES, dispose: (_value, name) => forget(name) });
  const candidates = new LRUCache<string, { uses: number }>({ ttl: FORGOTTEN_AFTER_MS, max: MAX_CANDIDATES });
  return (name, isSignedIn) => {
    if (labels.get(name)) return name;
    if (!isSignedIn) return OTHER;
    const candidate = candidates.get(name) ?? { uses: 0 };
    candidate.uses += 1;
    if (candidate.uses < USES_FOR_A_LABEL) {
      if (candidate.uses === 1) candidates.set(name, candidate);
      return OTHER;
    }
    candidates.delete(name);
    labels.set(name, true);
    return name;
  };
}
