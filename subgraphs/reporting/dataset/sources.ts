import type { SectionSource } from './dataset.js';

/** From worst to best. */
const STATES = ['MISSING', 'STALE', 'NOT_FINAL', 'COMPLETE'];

/** Returns each account once, with the worst of its states. */
export function worstSources(sources: readonly SectionSource[]): SectionSource[] {
  const worst = new Map<string, SectionSource>();
  for (const source of sources) {
    const known = worst.get(source.accountId);
    if (!known || STATES.indexOf(source.state) < STATES.indexOf(known.state)) worst.set(source.accountId, source);
  }
  return [...worst.values()];
}
