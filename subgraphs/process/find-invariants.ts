import type { Invariant } from '#ops/backup/invariant.js';
import { subgraphs } from '#subgraphs/index.js';

/** Returns what all subgraphs say is true of their rows, also those that run elsewhere: a backup holds them all. */
export async function findInvariants(): Promise<Invariant[]> {
  const all: Invariant[] = [];
  for (const load of Object.values(subgraphs)) all.push(...(await load()).invariants);
  return all;
}
