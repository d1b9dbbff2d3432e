import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { answerGraph, graphHeaders, pathSegments } from './graph.js';
import { faultError } from './graph-error.js';
import { answerDialog } from './oauth/dialog.js';
import { exhaustedHeaders } from './usage-headers.js';

const DIALOG_HOST = 'www.facebook.com';
const GRAPH_HOST = 'graph.facebook.com';
const OAUTH_PATHS = ['oauth/access_token', 'debug_token'];

/** Graph and Marketing API: https://developers.facebook.com/docs/marketing-api */
export const meta: SimulatedProvider = {
  id: 'meta',
  hosts: [GRAPH_HOST],
  answer: answerGraph,
  errorFor: faultAnswer,
};

/** The login dialog, and the graph's paths for tokens and consent. */
export const metaOauth: SimulatedProvider = {
  id: 'meta-oauth',
  hosts: [DIALOG_HOST, GRAPH_HOST],
  claims: (request) => request.host === DIALOG_HOST || isConsentRequest(request),
  answer(request, world, inner) {
    if (request.host === GRAPH_HOST) return answerGraph(request, world, inner);
    return /^\/(v\d+\.\d+\/)?dialog\/oauth$/.test(request.path)
      ? answerDialog(request, world)
      : { status: 404, body: 'Not Found' };
  },
  errorFor: faultAnswer,
};

function faultAnswer(status: number, request: WireRequest, world: World): WireAnswer {
  const answer = faultError(status).answer();
  if (request.host !== GRAPH_HOST) return answer;
  return {
    ...answer,
    headers: {
      ...graphHeaders(request, world),
      ...answer.headers,
      ...(status === 429 && exhaustedHeaders(request.path)),
    },
  };
}

function isConsentRequest(request: WireRequest): boolean {
  const path = pathSegments(request).segments.join('/');
  return OAUTH_PATHS.includes(path) || (request.method === 'DELETE' && path.endsWith('/permissions'));
}
