import { z } from 'zod';
import type { Provider, Tokens } from '#integrations/providers/provider.js';
import { requireScopes, requireScopesStill } from '#integrations/providers/require-scopes.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { XApi } from './api.js';
import type { XSettings } from './config.js';
import { errorOfTokenAnswer, NAME } from './errors.js';
import { readUser } from './users.js';

/** Posts, the user's identity, and refresh tokens. */
const NEEDED = {
  'tweet.read': 'see your posts',
  'users.read': 'see your profile',
  'offline.access': 'stay connected while you are away',
};

export const scopes = Object.keys(NEEDED);

const scopeList = z.string().transform((text) => text.split(' '));

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1),
  scope: scopeList.optional(),
});

const consentAnswer = tokenAnswer.extend({ scope: scopeList });

/**
 * OAuth 2.0 with PKCE for a confidential client. Refresh tokens are rotated on each use.
 * https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 */
export function xOAuth(
  settings: XSettings,
  api: XApi,
  send: Send,
  now: () => Date,
): Pick<Provider, 'authorizeUrl' | 'exchangeCode' | 'refresh' | 'revoke'> {
  const { clientId, clientSecret, apiBase, authBase } = settings;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');

  // Not repeated: a second exchange of a refresh token would end the connection.
  const post = (path: string, fields: Record<string, string>): Promise<WireAnswer> =>
    send({
      method: 'POST',
      url: `${apiBase}/2/oauth2/${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
      body: new URLSearchParams(fields).toString(),
      isIdempotent: false,
    });

  const tokensOf = (given: z.infer<typeof tokenAnswer>): Tokens => ({
    accessToken: given.access_token,
    refreshToken: given.refresh_token,
    expiresAt: new Date(now().getTime() + given.expires_in * 1000),
  });

  return {
    authorizeUrl({ redirectUri, state, codeChallenge }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${authBase}/i/oauth2/authorize?${query}`;
    },

    async exchangeCode({ code, redirectUri, codeVerifier }) {
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      };
      const answer = await post('token', fields);
      if (answer.status !== 200) throw errorOfTokenAnswer(answer, 'code', now());
      const given = readAnswer(NAME, consentAnswer, answer.json);
      requireScopes(NAME, NEEDED, given.scope);
      const { id, name } = await readUser(api, given.access_token);
      return { tokens: tokensOf(given), scopes: given.scope, person: { id, name } };
    },

    async refresh({ refreshToken }) {
      const answer = await post('token', { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
      if (answer.status !== 200) throw errorOfTokenAnswer(answer, 'refresh token', now());
      const given = readAnswer(NAME, tokenAnswer, answer.json);
      requireScopesStill(NAME, NEEDED, given.scope);
      return tokensOf(given);
    },

    async revoke({ refreshToken, accessToken }) {
      const tokens = [
        { token: refreshToken, token_type_hint: 'refresh_token' },
        { token: accessToken, token_type_hint: 'access_token' },
      ];
      for (const { token, token_type_hint } of tokens) {
        if (!token) continue;
        const answer = await post('revoke', { token, token_type_hint });
        // An unknown token needs no revoking.
        if (answer.status !== 200 && answer.status !== 400) throw errorOfTokenAnswer(answer, 'refresh token', now());
      }
    },
  };
}
