import { authorizeParameters, readDecision } from '#simulator/oauth/consent-decision.js';
import { consentErrorPage, consentPage, redirectTo } from '#simulator/oauth/consent-page.js';
import type { OAuthClient } from '#simulator/oauth/oauth-clients.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { findPermissionTitle, readPermissions } from './permissions.js';

const CODE_TTL_MS = 10 * 60_000;
// Facebook appends this to every address it sends a browser back to.
const FRAGMENT = '_=_';

interface Question {
  client: OAuthClient;
  redirectUri: string;
  permissions: string[];
}

/** Shows the login dialog and sends the decision to the app. https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow */
export function answerDialog(request: WireRequest, world: World): WireAnswer {
  if (request.method !== 'GET' && request.method !== 'POST')
    return refuse('unsupported', 'The dialog is opened with GET.');
  const parameters = authorizeParameters(request);
  const question = readQuestion(parameters, world);
  if ('status' in question) return question;
  const { client, redirectUri, permissions } = question;
  const state = parameters.get('state');
  const decision = readDecision(request);
  switch (decision.kind) {
    case 'asked':
      return consentPage({
        provider: 'Facebook',
        app: client.name,
        redirectUri,
        parameters,
        canChooseScopes: false,
        scopes: permissions.map((scope) => ({ scope, title: findPermissionTitle(scope) ?? scope })),
      });
    case 'invalid':
      return refuse('invalid_request', decision.problem);
    case 'deny':
      return redirectTo(
        redirectUri,
        {
          error: 'access_denied',
          error_code: '200',
          error_description: 'Permissions error',
          error_reason: 'user_denied',
          state,
        },
        FRAGMENT,
      );
    case 'allow': {
      const wanted = decision.scopes;
      const scopes =
        wanted === null
          ? permissions
          : permissions.filter((scope) => scope === 'public_profile' || wanted.includes(scope));
      const { grant } = world.grants.allow({
        provider: 'meta',
        clientId: client.id,
        person: decision.person.id,
        scopes,
      });
      const code = opaqueText('AQ', 220);
      world.grants.addCode({
        value: code,
        grantId: grant.id,
        redirectUri,
        scopes,
        offline: false,
        challenge: null,
        expiresAt: world.clock.nowMs() + CODE_TTL_MS,
      });
      return redirectTo(redirectUri, { code, state }, FRAGMENT);
    }
  }
}

function readQuestion(parameters: URLSearchParams, world: World): Question | WireAnswer {
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
