import { GraphError } from '#simulator/meta/graph-error.js';
import type { Token } from '#simulator/oauth/grants.js';
import type { World } from '#simulator/world.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns what Meta says about a token that no longer works, or null for one that does. */
export function findTokenProblem(token: Token, world: World, status: number): GraphError | null {
  const grant = world.grants.grantOf(token);
  if (world.grants.isRevoked(token)) {
    return new GraphError(`Error validating access token: The user has not authorized application ${grant.clientId}.`, {
      status,
      code: 190,
      subcode: 458,
    });
  }
  if (!world.grants.isExpired(token)) return null;
  const [expired, now] = [new Date(token.expiresAt ?? 0), world.clock.now()].map(pacificText);
  return new GraphError(
    `Error validating access token: Session has expired on ${expired}. The current time is ${now}.`,
    { status, code: 190, subcode: 463 },
  );
}

/** Returns the error for a text that is no token at all. */
export function unreadableToken(status: number): GraphError {
  return new GraphError('Invalid OAuth access token - Cannot parse access token', { status, code: 190 });
}

// Meta writes these times in Pacific time, e.g. Sunday, 01-Nov-26 04:45:57 PST; the offset is kept fixed here.
function pacificText(instant: Date): string {
  const local = new Date(instant.getTime() - 8 * 3_600_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${two(local.getUTCDate())}-${MONTHS[local.getUTCMonth()]}-${two(local.getUTCFullYear() % 100)}`;
  return `${DAYS[local.getUTCDay()]}, ${date} ${local.toISOString().slice(11, 19)} PST`;
}
