import { GraphError } from '#simulator/meta/graph-error.js';
import { getPerson } from '#simulator/oauth/people.js';
import { findBearer, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findTokenProblem } from './authenticate.js';

const DATA_ACCESS_SECONDS = 90 * 86_400;

/** Answers GET /debug_token for an app token (`id|secret`) or a user token of that app. */
export function answerDebugToken(request: WireRequest, world: World): WireAnswer {
  const input = request.query.get('input_token');
  const asker = request.query.get('access_token') ?? findBearer(request) ?? '';
  if (!input) throw new GraphError('(#100) The parameter input_token is required', { code: 100 });
  const appId = findApp(asker, world);
  if (appId === undefined) throw new GraphError('Invalid OAuth access token signature.', { code: 190 });
  const token = world.grants.findToken(input, 'access');
  const grant = token && world.grants.grantOf(token);
  if (!token || grant?.provider !== 'meta' || grant.clientId !== appId) {
    return {
      status: 200,
      body: {
        data: {
          error: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
          is_valid: false,
          scopes: [],
        },
      },
    };
  }
  const problem = findTokenProblem(token, world, 400);
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return {
    status: 200,
    body: {
      data: {
        app_id: appId,
        type: 'USER',
        application: world.clients.find(appId)?.name,
        data_access_expires_at: seconds(token.issuedAt) + DATA_ACCESS_SECONDS,
        ...(problem && {
          error: { code: problem.facts.code, message: problem.message, subcode: problem.facts.subcode },
        }),
        expires_at: seconds(token.expiresAt ?? 0),
        is_valid: problem === null,
        issued_at: seconds(token.issuedAt),
        scopes: token.scopes,
        granular_scopes: token.scopes.map((scope) => ({ scope })),
        user_id: getPerson(grant.person).metaId,
      },
    },
  };
}

function findApp(asker: string, world: World): string | undefined {
  const [id, secret] = asker.split('|', 2);
  const client = world.clients.find(id ?? null);
  if (client && secret !== undefined) return world.clients.hasSecret(client, secret) ? client.id : undefined;
  const token = world.grants.findToken(asker, 'access');
  return token && !findTokenProblem(token, world, 400) ? world.grants.grantOf(token).clientId : undefined;
}
