import { answerConsent, authorizeParameters } from '#simulator/oauth/consent-decision.js';
import { consentErrorPage, redirectTo } from '#simulator/oauth/consent-page.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { readChallenge } from './pkce.js';
import { findScopeTitle, readScopes } from './scopes.js';

const CODE_TTL_MS = 10 * 60_000;

interface AuthorizeRequest {
  client: OAuthClient;
  redirectUri: string;
  scopes: string[];
  challenge: Exclude<ReturnType<typeof readChallenge>, 'invalid'>;
}

/**
 * Asks for consent and redirects with the decision: https://developers.google.com/identity/protocols/oauth2/web-server
 */
export function answerAuthorize(request: WireRequest, world: World): WireAnswer {
  const parameters = authorizeParameters(request);
  const authorizeRequest = readAuthorizeRequest(parameters, world);
  if ('status' in authorizeRequest) return authorizeRequest;
  const { client, redirectUri, scopes } = authorizeRequest;
  const state = parameters.get('state');
  const answer = (error: string) => redirectTo(redirectUri, { error, state });
  if (request.method !== 'POST' && promptsOf(parameters).includes('none')) return answer('interaction_required');
  return answerConsent(
    request,
    {
      provider: 'Google',
      app: client.name,
      redirectUri,
      parameters,
      canChooseScopes: true,
      scopes,
      titleOf: findScopeTitle,
    },
    {
      deny: () => answer('access_denied'),
      allow: (person, chosen) => {
        const given = chosen ? readScopes(chosen.join(' ')).filter((scope) => scopes.includes(scope)) : scopes;
        if (given.length === 0) return answer('access_denied');
        return allow(authorizeRequest, parameters, person.id, given, world);
      },
    },
  );
}

function allow(
  authorizeRequest: AuthorizeRequest,
  parameters: URLSearchParams,
  person: string,
  given: string[],
  world: World,
): WireAnswer {
  const { grant, isNew } = world.grants.allow({
    provider: 'google',
    clientId: authorizeRequest.client.id,
    person,
    scopes: given,
  });
  const scopes = parameters.get('include_granted_scopes') === 'true' ? grant.scopes : given;
  const mustShowConsent = promptsOf(parameters).includes('consent');
  const code = opaqueText('4/0A', 69);
  world.grants.addCode({
    value: code,
    grantId: grant.id,
    redirectUri: authorizeRequest.redirectUri,
    scopes,
    challenge: authorizeRequest.challenge,
    nonce: parameters.get('nonce') ?? undefined,
    expiresAt: world.clock.nowMs() + CODE_TTL_MS,
    offline: parameters.get('access_type') === 'offline' && (isNew || mustShowConsent),
  });
  return redirectTo(authorizeRequest.redirectUri, {
    state: parameters.get('state'),
    code,
    scope: scopes.join(' '),
    authuser: '0',
    prompt: mustShowConsent ? 'consent' : 'none',
  });
}

function readAuthorizeRequest(parameters: URLSearchParams, world: World): AuthorizeRequest | WireAnswer {
  const client = world.clients.find(parameters.get('client_id'));
  if (!parameters.get('client_id')) return refuse('invalid_request', 'Missing required parameter: client_id');
  if (!client) return refuse('invalid_client', 'The OAuth client was not found.');
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri) return refuse('invalid_request', 'Missing required parameter: redirect_uri');
  if (!world.clients.isRedirectAllowed(redirectUri)) {
    return refuse('redirect_uri_mismatch', `The redirect URI ${redirectUri} is not registered for this app.`);
  }
  if (parameters.get('response_type') !== 'code') return refuse('invalid_request', 'response_type must be code');
  const scopes = readScopes(parameters.get('scope') ?? '');
  if (scopes.length === 0) return refuse('invalid_request', 'Missing required parameter: scope');
  const unknown = scopes.filter((scope) => findScopeTitle(scope) === undefined);
  if (unknown.length > 0) return refuse('invalid_scope', `Some requested scopes were invalid: ${unknown.join(', ')}`);
  if (!['online', 'offline', null].includes(parameters.get('access_type'))) {
    return refuse('invalid_request', 'access_type must be online or offline');
  }
  const challenge = readChallenge(parameters);
  if (challenge === 'invalid') return refuse('invalid_request', 'code_challenge or code_challenge_method is not valid');
  return { client, redirectUri, scopes, challenge };
}

function promptsOf(parameters: URLSearchParams): string[] {
  return (parameters.get('prompt') ?? '').split(' ');
}

function refuse(code: string, message: string): WireAnswer {
  return consentErrorPage('Google', code, message);
}
