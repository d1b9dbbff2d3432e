import { findXUser } from '#simulator/data/x-users.js';
import { getPerson } from '#simulator/oauth/people.js';
import type { SimulatedProvider } from '#simulator/provider.js';
import { findBearer, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import type { Caller } from './call.js';
import { answerOauth, oauthFault } from './oauth/oauth.js';
import { findRoute } from './operations.js';
import { clientForbidden, creditsDepleted, Problem, plainProblem } from './problem.js';
import { countCall, limitHeaders, unusedAllowance } from './rate-limits.js';

// The old host names still answer, and tweepy calls them.
const CONSENT_HOSTS = ['x.com', 'twitter.com'];
const API_HOSTS = ['api.x.com', 'api.twitter.com'];

/** Consent and tokens, on the API's hosts. */
export const xOauth: SimulatedProvider = {
  id: 'x-oauth',
  hosts: [...CONSENT_HOSTS, ...API_HOSTS],
  claims: (request) => CONSENT_HOSTS.includes(request.host) || request.path.startsWith('/2/oauth2/'),
  answer: answerOauth,
  errorFor: oauthFault,
};

/** The X API, version 2: https://docs.x.com/x-api */
export const x: SimulatedProvider = {
  id: 'x',
  hosts: API_HOSTS,
  answer: answerApi,
  errorFor: (status, _request, world) => apiFault(status, world),
};

const SCOPES = ['tweet.read', 'users.read'];

function answerApi(request: WireRequest, world: World): WireAnswer {
  let allowance = unusedAllowance(world);
  const answer = withErrors(() => {
    const caller = authenticate(request, world);
    request.accounts.add(caller.user.id);
    const found = findRoute(request.path);
    if (!found) throw plainProblem(404);
    const { route, placeholder } = found;
    allowance = countCall(route.operation, caller, world);
    if (allowance.isExceeded) throw plainProblem(429);
    if (request.method !== 'GET') throw plainProblem(405);
    if (!SCOPES.every((scope) => caller.token.scopes.includes(scope))) throw plainProblem(403);
    if (world.settings.xCreditSpent) throw creditsDepleted();
    if (route.operation === 'analytics' && !world.settings.xAnalyticsEnrolled)
      throw clientForbidden(caller.grant.clientId);
    if (route.readsPosts && getPerson(caller.grant.person).revokesAfterConnect) {
      world.grants.revoke(caller.grant);
      throw plainProblem(401);
    }
    return { status: 200, body: route.answer({ request, world, caller, placeholder }) };
  });
  return { ...answer, headers: { ...answer.headers, ...limitHeaders(allowance) } };
}

function apiFault(status: number, world: World): WireAnswer {
  const answer = (status === 402 ? creditsDepleted() : plainProblem(status)).answer();
  return {
    ...answer,
    headers: { ...answer.headers, ...limitHeaders(unusedAllowance(world, status === 429 ? 0 : undefined)) },
  };
}

function withErrors(work: () => WireAnswer): WireAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error.answer();
    throw error;
  }
}

/** Returns the caller. Throws 401 for an unknown, expired or revoked token alike, as X does. */
function authenticate(request: WireRequest, world: World): Caller {
  const token = world.grants.findToken(findBearer(request) ?? '', 'access');
  if (!token || world.grants.isExpired(token) || world.grants.isRevoked(token)) throw plainProblem(401);
  const grant = world.grants.grantOf(token);
  const user = grant.provider === 'x' ? findXUser(getPerson(grant.person).xId) : undefined;
  if (!user) throw plainProblem(401);
  return { token, grant, user };
}
