import { GraphQLError } from 'graphql';
import type { Allowance } from '#gateway/limits/allowances.js';

/** Counts a cost and returns what is left. Throws RATE_LIMITED, and counts nothing, beyond the allowance. */
export async function takeCost({ limit, key }: Allowance, cost: number, problem: string): Promise<number> {
  const { isAllowed, remaining, resetSeconds: retryAfter } = await limit.count(key, cost);
  if (isAllowed) return remaining;
  await limit.giveBack(key, cost);
  const message = `The operation ${problem}, more than is left of ${limit.points}. Wait ${retryAfter} seconds, or ask for less.`;
  const headers = new Map([['retry-after', String(retryAfter)]]);
  throw new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryAfter, http: { status: 429, headers } },
  });
}
