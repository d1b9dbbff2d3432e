import { answerConsent, authorizeParameters } from '#simulator/oauth/consent-decision.js';
import { consentErrorPage, redirectTo } from '#simulator/oauth/consent-page.js';
import type { AuthorizationCode } from '#simulator/oauth/grants.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { challengeIn } from './challenge.js';
import { findScopeTitle, OFFLINE_SCOPE, readScopes } from './scopes.js';

const CODE_TTL_MS = 30_000;
const MAX_STATE = 500;

interface AuthorizeRequest {
  client: OAuthClient;
  redirectUri: string;
  scopes: string[];
  state: string;
  challenge: NonNullable<AuthorizationCode['challenge']>;
}

/**
 * Asks for consent, without a choice of scopes, and redirects with the decision:
 * https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 */
export function answerAuthorize(request: WireRequest, world: World): WireAnswer {
  const parameters = authorizeParameters(request);
  const authorizeRequest = readAuthorizeRequest(parameters, world);
  if ('status' in authorizeRequest) return authorizeRequest;
  const { client, redirectUri, scopes, state } = authorizeRequest;
  return answerConsent(
    request,
    {
      provider: 'X',
      app: client.name,
      redirectUri,
      parameters,
      canChooseScopes: false,
      scopes,
      titleOf: findScopeTitle,
    },
    {
      deny: () => redirectTo(redirectUri, { error: 'access_denied', state }),
      allow: (person, chosen) => {
        // A script may grant fewer scopes than requested.
        const given = chosen?.filter((scope) => scopes.includes(scope)) ?? scopes;
        return allow(authorizeRequest, person.id, given, world);
      },
    },
  );
}

function allow(authorizeRequest: AuthorizeRequest, person: string, scopes: string[], world: World): WireAnswer {
  const { client, redirectUri, state, challenge } = authorizeRequest;
  const { grant } = world.grants.allow({ provider: 'x', clientId: client.id, person, scopes });
  const code = opaqueText('', 91);
  world.grants.addCode({
    value: code,
    grantId: grant.id,
    redirectUri,
    scopes,
    challenge,
    expiresAt: world.clock.nowMs() + CODE_TTL_MS,
    offline: scopes.includes(OFFLINE_SCOPE),
  });
  return redirectTo(redirectUri, { state, code });
}

function readAuthorizeRequest(parameters: URLSearchParams, world: World): AuthorizeRequest | WireAnswer {
  const client = world.clients.find(parameters.get('client_id'));
  if (!client) return refuse('invalid_request', 'Value passed for the client id was invalid.');
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri || !world.clients.isRedirectAllowed(redirectUri))
    return refuse('invalid_request', 'Value passed for the redirect uri did not match the registered ones.');
  if (parameters.get('response_type') !== 'code') return refuse('invalid_request', 'response_type must be code');
  const scopes = readScopes(parameters.get('scope') ?? '');
  const unknown = scopes.filter((scope) => findScopeTitle(scope) === undefined);
  if (scopes.length === 0) return refuse('invalid_scope', 'Missing required parameter: scope');
  if (unknown.length > 0) return refuse('invalid_scope', `Some requested scopes are unknown: ${unknown.join(', ')}`);
  const state = parameters.get('state') ?? '';
  if (state === '' || state.length > MAX_STATE)
    return refuse('invalid_request', `state must have 1 to ${MAX_STATE} characters`);
  const challenge = challengeIn(parameters);
  if (!challenge) return refuse('invalid_request', 'code_challenge is required; its method must be S256 or plain');
  return { client, redirectUri, scopes, state, challenge };
}

function refuse(code: string, message: string): WireAnswer {
  return consentErrorPage('X', code, message);
}
