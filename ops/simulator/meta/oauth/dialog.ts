import { answerConsent, authorizeParameters } from '#simulator/oauth/consent-decision.js';
import { consentErrorPage, redirectTo } from '#simulator/oauth/consent-page.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findPermissionTitle, readPermissions } from './permissions.js';

const CODE_TTL_MS = 10 * 60_000;
// Facebook appends this to every redirect.
const FRAGMENT = '_=_';

interface AuthorizeRequest {
  client: OAuthClient;
  redirectUri: string;
  permissions: string[];
}

/**
 * Shows the login dialog and redirects with the decision:
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function answerDialog(request: WireRequest, world: World): WireAnswer {
  if (request.method !== 'GET' && request.method !== 'POST')
    return refuse('unsupported', 'The dialog is opened with GET.');
  const parameters = authorizeParameters(request);
  const authorizeRequest = readAuthorizeRequest(parameters, world);
  if ('status' in authorizeRequest) return authorizeRequest;
  const { client, redirectUri, permissions } = authorizeRequest;
  const state = parameters.get('state');
  return answerConsent(
    request,
    {
      provider: 'Facebook',
      app: client.name,
      redirectUri,
      parameters,
      canChooseScopes: false,
      scopes: permissions,
      titleOf: findPermissionTitle,
    },
    {
      deny: () => {
        const error = { error: 'access_denied', error_code: '200', error_description: 'Permissions error' };
        return redirectTo(redirectUri, { ...error, error_reason: 'user_denied', state }, FRAGMENT);
      },
      allow: (person, chosen) => {
        const scopes = permissions.filter((scope) => scope === 'public_profile' || (chosen?.includes(scope) ?? true));
        return redirectTo(redirectUri, { code: newCode(authorizeRequest, person.id, scopes, world), state }, FRAGMENT);
      },
    },
  );
}

function newCode({ client, redirectUri }: AuthorizeRequest, person: string, scopes: string[], world: World): string {
  const { grant } = world.grants.allow({ provider: 'meta', clientId: client.id, person, scopes });
  const value = opaqueText('AQ', 220);
  world.grants.addCode({
    value,
    grantId: grant.id,
    redirectUri,
    scopes,
    offline: false,
    challenge: null,
    expiresAt: world.clock.nowMs() + CODE_TTL_MS,
  });
  return value;
}

function readAuthorizeRequest(parameters: URLSearchParams, world: World): AuthorizeRequest | WireAnswer {
  const client = world.clients.find(parameters.get('client_id'));
  if (!client)
    return refuse('invalid_app_id', 'Invalid App ID: the provided app ID does not look like a valid app ID.');
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri || !world.clients.isRedirectAllowed(redirectUri)) {
    return refuse(
      'url_blocked',
      "URL blocked: the redirect URI is not white-listed in the app's client OAuth settings.",
    );
  }
  if ((parameters.get('response_type') ?? 'code') !== 'code')
    return refuse('invalid_response_type', 'response_type must be code');
  const permissions = readPermissions(parameters.get('scope') ?? '');
  const unknown = permissions.filter((permission) => findPermissionTitle(permission) === undefined);
  if (unknown.length > 0) return refuse('invalid_scopes', `Invalid Scopes: ${unknown.join(', ')}.`);
  return { client, redirectUri, permissions };
}

function refuse(code: string, message: string): WireAnswer {
  return consentErrorPage('Facebook', code, message);
}
