import { NotFound } from '#runtime/errors.js';

/** Returns what was loaded. Throws NotFound, in the same words for what does not exist and what belongs to someone else. */
export function existing<Thing>(thing: Thing | null, name: string): Thing {
  if (thing === null) throw new NotFound(name);
  return thing;
}
