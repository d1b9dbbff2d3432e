import { randomUUID } from 'node:crypto';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerAdAccountUsers } from './ad-account-users.js';
import { answerAnalytics } from './analytics/analytics.js';
import { accounts, campaignGroups, campaigns } from './entities.js';
import { answerEntities } from './entity-resource.js';
import { jsonText } from './json-text.js';
import { LinkedinError } from './linkedin-error.js';
import { authenticate } from './oauth/authenticate.js';
import { readUserInfo } from './oauth/user-info.js';
import type { RestCall } from './rest-call.js';
import { parseQuery } from './restli/query.js';
import { spendCall } from './throttle.js';
import { openTunnel } from './tunnel.js';
import { checkVersions } from './versions.js';

const ROOT = '/rest/';

/** Answers a call to api.linkedin.com, errors included, with the headers every answer carries. */
export function answerApi(request: WireRequest, world: World): WireAnswer {
  return withHeaders(refusing(() => route(request, world)));
}

/** Returns an answer as it goes out: ids in full, and LinkedIn's own headers. */
export function withHeaders({ status, headers, body }: WireAnswer): WireAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'x-li-fabric': 'prod-lor1',
      'x-li-request-id': randomUUID(),
      'x-li-uuid': Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
      'x-restli-protocol-version': '2.0.0',
      ...headers,
    },
    body: jsonText(body),
  };
}

function refusing(work: () => unknown): WireAnswer {
  try {
    return { status: 200, body: work() };
  } catch (error) {
    if (error instanceof LinkedinError) return error.answer();
    throw error;
  }
}

function route(request: WireRequest, world: World): unknown {
  if (request.path === '/v2/userinfo' && request.method === 'GET') return readUserInfo(request, world);
  if (!request.path.startsWith(ROOT)) throw noSuchResource();
  const { method, rawQuery } = openTunnel(request);
  const caller = authenticate(request, world);
  checkVersions(request);
  const segments = request.path.slice(ROOT.length).split('/').map(decodeURIComponent);
  const answer = answererOf(segments);
  if (method !== 'GET')
    throw new LinkedinError(`${method} operation not supported for this resource`, {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    });
  spendCall(caller.person.id, resourceOf(segments), world);
  return answer({ request, world, caller, query: parseQuery(rawQuery), segments });
}

function answererOf([first, , third]: string[]): (call: RestCall) => unknown {
  switch (third === undefined ? first : `${first}/${third}`) {
    case 'adAccountUsers':
      return answerAdAccountUsers;
    case 'adAccounts':
      return (call) => answerEntities(accounts, call, call.segments.slice(1));
    case 'adAccounts/adCampaignGroups':
      return (call) => answerEntities(campaignGroups, call, call.segments.slice(3));
    case 'adAccounts/adCampaigns':
      return (call) => answerEntities(campaigns, call, call.segments.slice(3));
    case 'adAnalytics':
      return answerAnalytics;
    default:
      throw noSuchResource();
  }
}

// Limits hold per resource, not per account.
function resourceOf(segments: string[]): string {
  return segments.filter((segment) => !/^\d+$/.test(segment)).join('/');
}

function noSuchResource(): LinkedinError {
  return new LinkedinError('No virtual resource found', { status: 404, code: 'RESOURCE_NOT_FOUND' });
}
