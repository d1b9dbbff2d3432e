import { NotSimulated } from '#simulator/not-simulated.js';
import type { InnerCall, SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { invalidToken } from './authenticate.js';
import { answerBatch } from './batch.js';
import { type Envelope, GoogleError, notFoundPage } from './errors.js';
import { selectFields } from './select-fields.js';

/** One API method. Throws GoogleError for errors. */
export type Handler = (call: { request: WireRequest; world: World; ids: string[] }) => unknown;

export interface Route {
  method: 'GET' | 'POST';
  host: string;
  /** Matches the path; its groups, percent-decoded, are the handler's `ids`. */
  path: RegExp;
  answer: Handler;
}

interface GoogleApi {
  id: string;
  hosts: readonly string[];
  claims?: (request: WireRequest) => boolean;
  routes: readonly Route[];
  maxBatch: number;
  envelopeOf?: (request: WireRequest) => Envelope;
}

/** Makes a provider with Google's routing, batches and errors. */
export function googleApi({
  id,
  hosts,
  claims,
  routes,
  maxBatch,
  envelopeOf = () => 'status',
}: GoogleApi): SimulatedProvider {
  return {
    id,
    hosts,
    ...(claims && { claims }),
    async answer(request, world, inner) {
      try {
        return await answerOf(routes, maxBatch, request, world, inner);
      } catch (error) {
        if (error instanceof GoogleError) return error.answer(envelopeOf(request));
        throw error;
      }
    },
    errorFor: (status, request) =>
      (status === 401 ? invalidToken(request, 'ACCESS_TOKEN_EXPIRED') : faultOf(status)).answer(envelopeOf(request)),
  };
}

function faultOf(status: number): GoogleError {
  return new GoogleError(status, status === 429 ? { domain: 'usageLimits' } : {});
}

async function answerOf(
  routes: readonly Route[],
  maxBatch: number,
  request: WireRequest,
  world: World,
  inner: InnerCall,
): Promise<WireAnswer> {
  if (/^\/batch(\/|$)/.test(request.path)) return answerBatch(request, inner, maxBatch);
  for (const { method, host, path, answer } of routes) {
    const match = request.method === method && request.host === host ? path.exec(request.path) : null;
    if (match) {
      const ids = match.slice(1).map((id) => decodeURIComponent(id ?? ''));
      const body = await answer({ request, world, ids });
      return { status: 200, body: selectFields(body, request.query.get('fields')) };
    }
  }
  // A method of the API, or an address that no method has.
  if (/^\/v\d+(?:alpha|beta)?\d*\//.test(request.path)) throw new NotSimulated(`${request.method} ${request.path}`);
  return notFoundPage(request.path);
}
