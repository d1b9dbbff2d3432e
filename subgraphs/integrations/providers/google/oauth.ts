import { decodeJwt } from 'jose';
import { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import type { Consent, Provider, Tokens } from '#integrations/providers/provider.js';
import { requireScopes, requireScopesStill } from '#integrations/providers/require-scopes.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { GoogleClient } from './client.js';
import { errorOfTokenAnswer } from './errors.js';

/** Google has one consent per user and app: revoking a token of one product ends all. */
export const CONSENT_FAMILY = 'google';

/** Of an hour. */
export const RENEW_BEFORE_MS = 30 * 60 * 1000;

const IDENTITY_SCOPES = ['openid', 'email', 'profile'];

/** Returns the scopes of a product, and of the user's identity. */
export const scopesFor = (productScope: string) => [productScope, ...IDENTITY_SCOPES];

const scopes = z.string().transform((text) => text.split(' '));

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: scopes.optional(),
});

const consentAnswer = tokenAnswer.extend({
  refresh_token: z.string().min(1),
  scope: scopes,
  id_token: z.string().optional(),
});

const person = z.object({ sub: z.string().min(1), name: z.string().optional(), email: z.string().optional() });

/** The signature of an id_token received from Google itself needs no check (OpenID Connect Core 1.0, 3.1.3.7 no. 6). */
function personIn(name: string, idToken: string | undefined): Consent['person'] {
  let claims: unknown;
  try {
    claims = idToken && decodeJwt(idToken);
  } catch (cause) {
    throw new MalformedAnswer(name, 'answered in an unexpected form (id_token)', { cause });
  }
  const { sub, email, ...given } = readAnswer(name, person, claims);
  return { id: sub, name: given.name ?? email ?? sub };
}

export interface GoogleProduct {
  name: string;
  scope: string;
  /** Completes "the permission to …". */
  allows: string;
}

/** OAuth 2.0 for web servers with PKCE. https://developers.google.com/identity/protocols/oauth2/web-server */
export function googleOAuth(
  { name, scope, allows }: GoogleProduct,
  client: GoogleClient,
  send: Send,
  now: () => Date,
): Pick<Provider, 'authorizeUrl' | 'exchangeCode' | 'refresh' | 'revoke'> {
  const { clientId, clientSecret, authBase, tokenBase } = client;
  const needed = { [scope]: allows };

  const post = (path: string, fields: Record<string, string>, isIdempotent: boolean): Promise<WireAnswer> =>
    send({
      method: 'POST',
      url: `${tokenBase}${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      isIdempotent,
    });

  const expiryOf = ({ expires_in }: z.infer<typeof tokenAnswer>) => new Date(now().getTime() + expires_in * 1000);

  return {
    authorizeUrl({ redirectUri, state, codeChallenge }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopesFor(scope).join(' '),
        state,
        // A refresh token requires offline access, and repeatedly the consent page.
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: 'true',
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${authBase}/o/oauth2/v2/auth?${query}`;
    },

    async exchangeCode({ code, redirectUri, codeVerifier }) {
      const answer = await post(
        '/token',
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          client_id: clientId,
          client_secret: clientSecret,
          code_verifier: codeVerifier,
        },
        false,
      );
      if (answer.status !== 200) throw errorOfTokenAnswer(name, answer, 'code');
      const given = readAnswer(name, consentAnswer, answer.json);
      requireScopes(name, { ...needed, openid: 'know who you are' }, given.scope);
      const tokens = {
        accessToken: given.access_token,
        refreshToken: given.refresh_token,
        expiresAt: expiryOf(given),
      };
      return { tokens, scopes: given.scope, person: personIn(name, given.id_token) };
    },

    async refresh({ refreshToken }): Promise<Tokens> {
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken ?? '',
        client_id: clientId,
        client_secret: clientSecret,
      };
      const answer = await post('/token', fields, true);
      if (answer.status !== 200) throw errorOfTokenAnswer(name, answer, 'refresh token');
      const given = readAnswer(name, tokenAnswer, answer.json);
      requireScopesStill(name, needed, given.scope);
      // Google does not rotate: the refresh token stays valid.
      return { accessToken: given.access_token, refreshToken, expiresAt: expiryOf(given) };
    },

    async revoke({ refreshToken, accessToken }) {
      const answer = await post('/revoke', { token: refreshToken ?? accessToken }, true);
      const isGone = z.object({ error: z.literal('invalid_token') }).safeParse(answer.json).success;
      if (answer.status !== 200 && !isGone) throw errorOfTokenAnswer(name, answer, 'refresh token');
    },
  };
}
