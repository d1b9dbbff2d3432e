import { truthOfX } from '#simulator/data/x-truth.js';
import { readDay } from './read-day.js';
import type { AdminRequest, AdminTools } from './tools.js';

/** Publishes every X account with the posts written between `start` and `end`, and their figures as of now. */
export function seedX({ world }: AdminTools, { query }: AdminRequest) {
  const range = { first: readDay(query, 'start'), last: readDay(query, 'end') };
  return { users: truthOfX(range, world.clock.nowMs()) };
}
