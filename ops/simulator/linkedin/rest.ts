import { randomUUID } from 'node:crypto';
import { dateOf, dayIn } from '#simulator/data/calendar.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerAdAccountUsers } from './ad-account-users.js';
import { answerAnalytics } from './analytics/analytics.js';
import { accounts, campaignGroups, campaigns, creatives } from './entities.js';
import { answerEntities } from './entity-resource.js';
import { answerTargetingEntities } from './geo.js';
import { LinkedinError, tooManyRequests } from './linkedin-error.js';
import { authenticate } from './oauth/authenticate.js';
import { readUserInfo } from './oauth/token-info.js';
import type { RestCall } from './rest-call.js';
import { parseQuery } from './restli/query.js';

const ROOT = '/rest/';

/** Answers a call to api.linkedin.com, errors included. */
export function answerApi(request: WireRequest, world: World): WireAnswer {
  return withHeaders(withErrors(() => route(request, world)));
}

/** Returns an answer with ids in full and LinkedIn's headers. */
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

function withErrors(work: () => unknown): WireAnswer {
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
  const { method, rawQuery } = readTunnel(request);
  const caller = authenticate(request, world);
  checkVersions(request);
  const segments = request.path.slice(ROOT.length).split('/').map(decodeURIComponent);
  const answer = answererOf(segments);
  if (method !== 'GET')
    throw new LinkedinError(`${method} operation not supported for this resource`, {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    });
  countCall(caller.person.id, resourceOf(segments), world);
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
    case 'adAccounts/creatives':
      return (call) => answerEntities(creatives, call, call.segments.slice(3));
    case 'adAnalytics':
      return answerAnalytics;
    case 'adTargetingEntities':
      return answerTargetingEntities;
    default:
      throw new NotSimulated(`the resource ${third === undefined ? first : `${first}/${third}`} of LinkedIn`);
  }
}

// Limits are per resource, not per account.
function resourceOf(segments: string[]): string {
  return segments.filter((segment) => !/^\d+$/.test(segment)).join('/');
}

function noSuchResource(): LinkedinError {
  return new LinkedinError('No virtual resource found', { status: 404, code: 'RESOURCE_NOT_FOUND' });
}

/** Bigints become JSON numbers with all digits: LinkedIn's ids are 64-bit. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`;
}

/** Throws above a member's limit per resource and UTC day. */
function countCall(person: string, resource: string, world: World): void {
  const key = `linkedin ${person} ${resource} ${dateOf(dayIn('UTC', world.clock.now()))}`;
  const limit = world.settings.linkedinCallsPerDay;
  if (limit !== null && world.dailyUsage.count(key) >= limit) throw tooManyRequests();
  world.dailyUsage.add(key);
}

const MAX_QUERY_BYTES = 4_096;
const MAX_ADDRESS_BYTES = 8_192;

/**
 * Returns the method and raw query, of the call itself or of a tunnelled POST. Throws 414 for a URL that needs
 * tunnelling: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/query-tunneling
 */
function readTunnel(request: WireRequest): { method: string; rawQuery: string } {
  const { rawQuery, headers } = request;
  if (rawQuery.length > MAX_QUERY_BYTES || request.path.length + rawQuery.length + 1 > MAX_ADDRESS_BYTES)
    throw new LinkedinError('Request-URI Too Long', { status: 414, code: 'URI_TOO_LONG' });
  const override = headers['x-http-method-override'];
  if (request.method !== 'POST') return { method: request.method, rawQuery };
  if (headers['content-length'] === undefined)
    throw new LinkedinError('Length Required', { status: 411, code: 'LENGTH_REQUIRED' });
  if (override === undefined) return { method: 'POST', rawQuery };
  if (rawQuery !== '') throw badTunnel('A tunnelled call carries its whole query in the body');
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    throw badTunnel('A tunnelled call has a body of type application/x-www-form-urlencoded');
  return { method: override.toUpperCase(), rawQuery: request.body };
}

function badTunnel(message: string): LinkedinError {
  return new LinkedinError(message, { status: 400, code: 'ILLEGAL_ARGUMENT' });
}

// LinkedIn supports each monthly version for a year; fixed here, so that none expires at run time.
const OLDEST = '202512';
const NEWEST = '202611';

/** Throws unless the call names an active version and Rest.li 2.0. */
function checkVersions({ headers }: WireRequest): void {
  const version = headers['linkedin-version'];
  if (!version) {
    throw new LinkedinError(
      'A version must be present. Please specify a version by adding the LinkedIn-Version header.',
      {
        status: 400,
        code: 'VERSION_MISSING',
      },
    );
  }
  if (!/^20\d\d(0[1-9]|1[0-2])$/.test(version) || version < OLDEST || version > NEWEST) {
    throw new LinkedinError(`Requested version ${version} is not active`, { status: 426, code: 'NONEXISTENT_VERSION' });
  }
  if (headers['x-restli-protocol-version'] !== '2.0.0') {
    throw new LinkedinError('X-RestLi-Protocol-Version must be 2.0.0', {
      status: 400,
      code: 'PROTOCOL_VERSION_INVALID',
    });
  }
}
