import { dateOf, dayIn } from '#simulator/data/calendar.js';
import type { World } from '#simulator/world.js';
import { tooManyRequests } from './linkedin-error.js';

/** Counts one call of a member to a resource; throws once there have been too many since midnight UTC. */
export function spendCall(person: string, resource: string, world: World): void {
  // The date is part of the key, so what was counted yesterday counts no longer.
  const key = `linkedin ${person} ${resource} ${dateOf(dayIn('UTC', world.clock.now()))}`;
  const limit = world.settings.linkedinCallsPerDay;
  if (limit !== null && world.dailyUsage.count(key) >= limit) throw tooManyRequests();
  world.dailyUsage.add(key);
}
