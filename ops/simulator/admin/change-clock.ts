import { z } from 'zod';
import { readJson } from './read-json.js';
import type { AdminRequest, AdminTools } from './tools.js';

const change = z.union([
  z.strictObject({ advanceSeconds: z.number() }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

/** Moves the virtual clock by some seconds, or to an instant. */
export function changeClock({ world, save }: AdminTools, request: AdminRequest) {
  const wanted = change.parse(readJson(request));
  if ('now' in wanted) world.clock.set(new Date(wanted.now));
  else world.clock.advance(wanted.advanceSeconds);
  save();
  return { now: world.clock.now().toISOString() };
}
