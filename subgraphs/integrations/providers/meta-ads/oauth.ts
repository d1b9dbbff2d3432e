import { z } from 'zod';
import { ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { faultOf, withFault } from '#integrations/faults/fault-of.js';
import type { Provider, Tokens } from '#integrations/providers/provider.js';
import { requireScopes } from '#integrations/providers/require-scopes.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { MetaApi } from './api.js';
import type { MetaAdsSettings } from './config.js';
import { errorOfAnswer, errorOfCodeAnswer, isError, NAME } from './errors.js';

/** Enough to list accounts, campaigns and insights. */
export const scopes = ['ads_read'];

const NEEDED = { ads_read: 'read your ad accounts and their reports' };

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  // Absent for tokens that do not expire.
  expires_in: z.number().positive().optional(),
});

const debugAnswer = z.object({ data: z.object({ scopes: z.array(z.string()) }) });

const meAnswer = z.object({ id: z.string().min(1), name: z.string().optional() });

/**
 * Authorization code flow without PKCE. No refresh tokens: a short-lived access token is exchanged for one of about 60
 * days, and that for another while valid.
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export function metaOAuth(
  settings: MetaAdsSettings,
  api: MetaApi,
  send: Send,
  now: () => Date,
): Pick<Provider, 'authorizeUrl' | 'exchangeCode' | 'refresh' | 'revoke'> {
  const { clientId, clientSecret, dialogBase, graphBase, version } = settings;
  const client = { client_id: clientId, client_secret: clientSecret };

  function tokensOf(answer: WireAnswer): Tokens {
    const { access_token, expires_in } = readAnswer(NAME, tokenAnswer, answer.json);
    return { accessToken: access_token, expiresAt: expires_in ? new Date(now().getTime() + expires_in * 1000) : null };
  }

  async function exchangeForLonger(accessToken: string): Promise<Tokens> {
    const query = { grant_type: 'fb_exchange_token', ...client, fb_exchange_token: accessToken };
    const answer = await api.get('oauth/access_token', query);
    if (isError(answer)) throw errorOfAnswer(answer);
    return tokensOf(answer);
  }

  async function read<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query: Record<string, string>,
    token: string,
  ) {
    const answer = await api.get(path, query, token);
    if (isError(answer)) throw errorOfAnswer(answer);
    return readAnswer(NAME, schema, answer.json);
  }

  return {
    authorizeUrl({ redirectUri, state }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(','),
        state,
      });
      return `${dialogBase}/${version}/dialog/oauth?${query}`;
    },

    async exchangeCode({ code, redirectUri }) {
      const url = `${graphBase}/${version}/oauth/access_token?${new URLSearchParams({ ...client, redirect_uri: redirectUri, code })}`;
      const answer = await send({ url, isIdempotent: false });
      if (isError(answer)) throw errorOfCodeAnswer(answer);
      const tokens = await exchangeForLonger(tokensOf(answer).accessToken);
      // Only debug_token reports the granted permissions.
      const { data } = await read(
        debugAnswer,
        'debug_token',
        { input_token: tokens.accessToken },
        `${clientId}|${clientSecret}`,
      );
      requireScopes(NAME, NEEDED, data.scopes);
      const { id, name } = await read(meAnswer, 'me', { fields: 'id,name' }, tokens.accessToken);
      return { tokens, scopes: data.scopes, person: { id, name: name ?? id } };
    },

    async refresh({ accessToken }) {
      try {
        return await exchangeForLonger(accessToken);
      } catch (error) {
        // A token refused for the exchange has ended.
        if (error instanceof TokenRefused) {
          throw withFault(faultOf(error) ?? 'TOKEN_REVOKED', new ReconnectRequired(NAME, undefined, { cause: error }));
        }
        throw error;
      }
    },

    async revoke({ accessToken }) {
      const url = `${graphBase}/${version}/me/permissions`;
      const headers = { authorization: `Bearer ${accessToken}` };
      const answer = await send({ method: 'DELETE', url, headers, isIdempotent: true });
      if (!isError(answer)) return;
      const error = errorOfAnswer(answer);
      const isGone = error instanceof TokenRefused || error instanceof ReconnectRequired;
      if (!isGone) throw error;
    },
  };
}
