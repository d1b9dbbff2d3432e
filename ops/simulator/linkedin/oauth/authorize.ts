import { answerConsent, authorizeParameters } from '#simulator/oauth/consent-decision.js';
import { consentErrorPage, redirectTo } from '#simulator/oauth/consent-page.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findScopeTitle, readScopes } from './scopes.js';

const CODE_TTL_MS = 30 * 60_000;

interface AuthorizeRequest {
  client: OAuthClient;
  redirectUri: string;
  scopes: string[];
}

/**
 * Asks for consent and redirects with the decision:
 * https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow
 */
export function answerAuthorization(request: WireRequest, world: World): WireAnswer {
  const parameters = authorizeParameters(request);
  const state = parameters.get('state');
  const authorizeRequest = readAuthorizeRequest(parameters, world);
  if ('status' in authorizeRequest) return authorizeRequest;
  const { client, redirectUri, scopes } = authorizeRequest;
  return answerConsent(
    request,
    {
      provider: 'LinkedIn',
      app: client.name,
      redirectUri,
      parameters,
      canChooseScopes: false,
      scopes,
      titleOf: findScopeTitle,
    },
    {
      deny: () =>
        redirectTo(redirectUri, {
          error: 'user_cancelled_authorize',
          error_description: 'The user cancelled the authorization',
          state,
        }),
      allow: (person, chosen) => {
        if (chosen !== null && scopes.some((scope) => !chosen.includes(scope)))
          return refuse('invalid_request', 'LinkedIn gives all the scopes an app asks for, or none of them.');
        return redirectTo(redirectUri, { code: newCode(authorizeRequest, person.id, world), state });
      },
    },
  );
}

function newCode({ client, redirectUri, scopes }: AuthorizeRequest, person: string, world: World): string {
  const { grant } = world.grants.allow({ provider: 'linkedin', clientId: client.id, person, scopes });
  const value = opaqueText('AQ', 150);
  world.grants.addCode({
    value,
    grantId: grant.id,
    redirectUri,
    scopes,
    offline: world.settings.linkedinRefreshTokens,
    challenge: null,
    expiresAt: world.clock.nowMs() + CODE_TTL_MS,
  });
  return value;
}

function readAuthorizeRequest(parameters: URLSearchParams, world: World): AuthorizeRequest | WireAnswer {
  const client = world.clients.find(parameters.get('client_id'));
  if (!client) return refuse('invalid_client_id', 'The passed in client_id is invalid.');
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri || !world.clients.isRedirectAllowed(redirectUri))
    return refuse('invalid_redirect_uri', 'The redirect_uri does not match the registered value.');
  if (parameters.get('response_type') !== 'code') return refuse('invalid_response_type', 'response_type must be code');
  const scopes = readScopes(parameters.get('scope') ?? '');
  if (scopes.length === 0) return refuse('invalid_scope', 'A required parameter "scope" is missing');
  const [unknown] = scopes.filter((scope) => findScopeTitle(scope) === undefined);
  if (unknown !== undefined)
    return redirectTo(redirectUri, {
      error: 'unauthorized_scope_error',
      error_description: `Scope "${unknown}" is not authorized for your application`,
      state: parameters.get('state'),
    });
  return { client, redirectUri, scopes };
}

function refuse(code: string, message: string): WireAnswer {
  return consentErrorPage('LinkedIn', code, message);
}
