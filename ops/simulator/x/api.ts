import { getPerson } from '#simulator/oauth/people.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { authenticate } from './authenticate.js';
import { findRoute } from './operations.js';
import { clientForbidden, creditsDepleted, Problem, plainProblem } from './problem.js';
import { limitHeaders, spendCall, untouched } from './rate-limits.js';

const SCOPES = ['tweet.read', 'users.read'];

/** Answers a call to api.x.com, errors included, with the headers every answer carries. https://docs.x.com/x-api */
export function answerApi(request: WireRequest, world: World): WireAnswer {
  let allowance = untouched(world);
  const answer = refusing(() => {
    const caller = authenticate(request, world);
    request.accounts.add(caller.user.id);
    const found = findRoute(request.path);
    if (!found) throw plainProblem(404);
    const { route, placeholder } = found;
    allowance = spendCall(route.operation, caller, world);
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

/** Returns what the API says with a status, for injected faults. */
export function apiFault(status: number, world: World): WireAnswer {
  const answer = (status === 402 ? creditsDepleted() : plainProblem(status)).answer();
  return {
    ...answer,
    headers: { ...answer.headers, ...limitHeaders(untouched(world, status === 429 ? 0 : undefined)) },
  };
}

function refusing(work: () => WireAnswer): WireAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error.answer();
    throw error;
  }
}
