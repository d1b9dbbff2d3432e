import { getPerson } from '#simulator/oauth/people.js';
import type { InnerCall } from '#simulator/provider.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerBatch } from './batch.js';
import { GraphError, missingObject } from './graph-error.js';
import { answerEdge, answerIds, answerNode, answerOrder, getNode } from './graph-node.js';
import { answerAccessToken } from './oauth/access-token.js';
import { authenticate, type Caller } from './oauth/authenticate.js';
import { answerDebugToken } from './oauth/debug-token.js';
import { usageHeaders } from './usage-headers.js';

const LIVE_VERSIONS = ['v24.0', 'v25.0', 'v26.0'];
const CURRENT_VERSION = 'v26.0';

interface Place {
  version: string;
  segments: string[];
}

/** Answers a call to graph.facebook.com, errors included. */
export async function answerGraph(request: WireRequest, world: World, inner: InnerCall): Promise<WireAnswer> {
  const answer = await withErrors(() => route(request, world, inner));
  return { ...answer, headers: { ...graphHeaders(request, world), ...answer.headers } };
}

/** Returns the headers of every answer. */
export function graphHeaders(request: WireRequest, world: World): Record<string, string> {
  const kind = request.path.includes('insights') ? 'ads_insights' : 'ads_management';
  return { 'facebook-api-version': pathSegments(request).version, ...usageHeaders(kind, request.accounts, world) };
}

/** Returns the path segments without the version. */
export function pathSegments(request: WireRequest): Place {
  const segments = request.path.split('/').filter(Boolean);
  const [first = ''] = segments;
  return /^v\d+\.\d+$/.test(first)
    ? { version: first, segments: segments.slice(1) }
    : { version: CURRENT_VERSION, segments };
}

async function withErrors(work: () => WireAnswer | Promise<WireAnswer>): Promise<WireAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GraphError) return error.answer();
    throw error;
  }
}

async function route(request: WireRequest, world: World, inner: InnerCall): Promise<WireAnswer> {
  const { version, segments } = pathSegments(request);
  checkVersion(version);
  const path = segments.join('/');
  if (path === 'oauth/access_token') return answerAccessToken(request, world);
  if (path === 'debug_token') return answerDebugToken(request, world);
  if (request.method === 'POST' && path === '') return postRoot(request, world, inner);
  if (request.method === 'POST' && segments[1] === 'insights' && segments.length === 2) {
    return orderInsights(segments[0] ?? '', { ...request, query: allParameters(request) }, world);
  }
  const caller = authenticate(request, world);
  if (request.method === 'DELETE' && isOwnPermissions(segments, caller)) return revokePermissions(caller, world);
  if (request.method !== 'GET') throw missingObject(segments[0] ?? '', request.method.toLowerCase());
  return { status: 200, body: read(segments, { request, world, caller }) };
}

function orderInsights(id: string, request: WireRequest, world: World): WireAnswer {
  const call = { request, world, caller: authenticate(request, world) };
  return { status: 200, body: answerOrder(getNode(id, call), call) };
}

function read(
  segments: string[],
  call: { request: WireRequest; world: World; caller: Caller },
): Record<string, unknown> {
  const ids = call.request.query.get('ids');
  const [id, edge, ...rest] = segments;
  if (ids !== null && edge === undefined) return answerIds(ids, id ?? null, call);
  if (id === undefined) throw missingObject('');
  if (rest.length > 0) throw new GraphError(`Unknown path components: /${rest.join('/')}`, { code: 2500 });
  const node = getNode(id, call);
  return edge === undefined ? answerNode(node, call) : answerEdge(node, edge, call);
}

async function postRoot(request: WireRequest, world: World, inner: InnerCall): Promise<WireAnswer> {
  const parameters = allParameters(request);
  if (!parameters.has('batch')) throw missingObject('', 'post');
  // An invalid token fails each part of a batch; a missing one the batch as a whole.
  if (
    !parameters.has('access_token') &&
    request.headers.authorization === undefined &&
    !/access_token/.test(parameters.get('batch') ?? '')
  ) {
    authenticate(request, world);
  }
  return { status: 200, body: await answerBatch(request, parameters, inner) };
}

function allParameters(request: WireRequest): URLSearchParams {
  const parameters = bodyParameters(request);
  for (const [name, value] of request.query) parameters.set(name, value);
  return parameters;
}

function bodyParameters(request: WireRequest): URLSearchParams {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return multipartFields(type, request.body);
  if (!type.includes('json')) return formOf(request);
  try {
    const fields = Object.entries(JSON.parse(request.body) as Record<string, unknown>);
    return new URLSearchParams(
      fields.map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
  } catch {
    throw new GraphError('(#100) The body is not valid JSON', { code: 100 });
  }
}

function checkVersion(version: string): void {
  if (LIVE_VERSIONS.includes(version)) return;
  if (Number(version.slice(1)) < 24) {
    throw new GraphError(
      '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.',
      { code: 2635 },
    );
  }
  throw new GraphError(`Unknown path components: /${version}`, { code: 2500 });
}

function isOwnPermissions([id, edge]: string[], { grant }: Caller): boolean {
  return edge === 'permissions' && (id === 'me' || id === getPerson(grant.person).metaId);
}

function revokePermissions({ grant }: Caller, world: World): WireAnswer {
  world.grants.revoke(grant);
  return { status: 200, body: { success: true } };
}

/** Text fields of multipart/form-data; files are skipped. */
function multipartFields(contentType: string, body: string): URLSearchParams {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const fields = new URLSearchParams();
  if (!boundary) return fields;
  for (const part of body.split(`--${boundary}`)) {
    const gap = part.indexOf('\r\n\r\n');
    const head = part.slice(0, gap);
    const name = /content-disposition:[^\r\n]*;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (gap >= 0 && name !== undefined && !/filename=/i.test(head))
      fields.append(name, part.slice(gap + 4).replace(/\r\n$/, ''));
  }
  return fields;
}
