import { z } from 'zod';
import type { Provider, Tokens } from '#integrations/providers/provider.js';
import { requireScopes, requireScopesStill } from '#integrations/providers/require-scopes.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { LinkedInAdsSettings } from './config.js';
import { errorOfAnswer, errorOfTokenAnswer, NAME } from './errors.js';

const NEEDED = {
  r_ads: 'see your ad accounts',
  r_ads_reporting: 'see reports of your ads',
  openid: 'know who you are',
  profile: 'know who you are',
};

/** `email`: who the user is. */
export const scopes = [...Object.keys(NEEDED), 'email'];

const scopeList = z.string().transform((text) => text.split(/[\s,]+/));

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  // Only for apps approved for it.
  refresh_token: z.string().min(1).optional(),
  scope: scopeList.optional(),
});

const consentAnswer = tokenAnswer.extend({ scope: scopeList });

const person = z.object({ sub: z.string().min(1), name: z.string().optional() });

/**
 * OAuth 2.0 without PKCE. A refresh token lasts a year from the consent and is not rotated.
 * https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
 */
export function linkedInOAuth(
  settings: LinkedInAdsSettings,
  send: Send,
  now: () => Date,
): Pick<Provider, 'authorizeUrl' | 'exchangeCode' | 'refresh' | 'revoke'> {
  const { clientId, clientSecret, oauthBase, apiBase } = settings;

  const post = (path: string, fields: Record<string, string>, isIdempotent: boolean): Promise<WireAnswer> =>
    send({
      method: 'POST',
      url: `${oauthBase}/oauth/v2/${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret }).toString(),
      isIdempotent,
    });

  const tokensOf = (given: z.infer<typeof tokenAnswer>, refreshToken?: string): Tokens => ({
    accessToken: given.access_token,
    refreshToken: given.refresh_token ?? refreshToken,
    expiresAt: new Date(now().getTime() + given.expires_in * 1000),
  });

  async function readPerson(accessToken: string) {
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await send({ url: `${apiBase}/v2/userinfo`, headers, isIdempotent: true });
    if (answer.status !== 200) throw errorOfAnswer(answer, now());
    const { sub, name } = readAnswer(NAME, person, answer.json);
    return { id: sub, name: name ?? sub };
  }

  return {
    authorizeUrl({ redirectUri, state }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        scope: scopes.join(' '),
      });
      return `${oauthBase}/oauth/v2/authorization?${query}`;
    },

    async exchangeCode({ code, redirectUri }) {
      const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      const answer = await post('accessToken', fields, false);
      if (answer.status !== 200) throw errorOfTokenAnswer(answer, 'code', now());
      const given = readAnswer(NAME, consentAnswer, answer.json);
      requireScopes(NAME, NEEDED, given.scope);
      return { tokens: tokensOf(given), scopes: given.scope, person: await readPerson(given.access_token) };
    },

    async refresh({ refreshToken }) {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
      const answer = await post('accessToken', fields, true);
      if (answer.status !== 200) throw errorOfTokenAnswer(answer, 'refresh token', now());
      const given = readAnswer(NAME, tokenAnswer, answer.json);
      requireScopesStill(NAME, NEEDED, given.scope);
      return tokensOf(given, refreshToken);
    },

    async revoke({ refreshToken, accessToken }) {
      const answer = await post('revoke', { token: refreshToken ?? accessToken }, true);
      // An unknown token needs no revoking.
      if (answer.status !== 200 && answer.status !== 400) throw errorOfTokenAnswer(answer, 'refresh token', now());
    },
  };
}
