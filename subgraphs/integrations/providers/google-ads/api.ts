import { z } from 'zod';
import type { AccountReference } from '#integrations/providers/products.js';
import { readAnswer, type Send } from '#integrations/providers/wire.js';
import type { GoogleAdsSettings } from './config.js';
import { errorOfAnswer, NAME } from './errors.js';

/** https://developers.google.com/google-ads/api/rest/overview */
export interface GoogleAdsApi {
  /** Returns the ids of customers a user opens directly. */
  listAccessibleCustomers(accessToken: string): Promise<string[]>;
  /** Returns all rows of a GAQL query; `access.loginCustomerId` is the manager in between. */
  searchStream(
    accessToken: string,
    customer: Pick<AccountReference, 'externalId' | 'access'>,
    query: string,
  ): Promise<unknown[]>;
}

const accessibleCustomers = z.object({
  resourceNames: z
    .array(
      z
        .string()
        .regex(/^customers\/\d+$/)
        .transform((name) => name.slice('customers/'.length)),
    )
    .default([]),
});

const chunks = z.array(z.object({ results: z.array(z.unknown()).default([]) }));

const carriesError = (json: unknown) => Array.isArray(json) && json.some((chunk) => chunk && 'error' in Object(chunk));

/** Returns the Google Ads API of an installation. */
export function googleAdsApi(settings: GoogleAdsSettings, send: Send): GoogleAdsApi {
  const base = `${settings.apiBase}/${settings.version}`;
  const headersFor = (accessToken: string) => ({
    authorization: `Bearer ${accessToken}`,
    ...(settings.developerToken && { 'developer-token': settings.developerToken }),
  });

  return {
    async listAccessibleCustomers(accessToken) {
      const url = `${base}/customers:listAccessibleCustomers`;
      const answer = await send({ url, headers: headersFor(accessToken), isIdempotent: true });
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return readAnswer(NAME, accessibleCustomers, answer.json).resourceNames;
    },

    async searchStream(accessToken, { externalId, access }, query) {
      const answer = await send({
        method: 'POST',
        url: `${base}/customers/${externalId}/googleAds:searchStream`,
        headers: {
          ...headersFor(accessToken),
          'content-type': 'application/json',
          ...(access?.loginCustomerId && { 'login-customer-id': access.loginCustomerId }),
        },
        body: JSON.stringify({ query }),
        isIdempotent: true,
      });
      // A stream that fails after its status ends with an error chunk.
      if (answer.status !== 200 || carriesError(answer.json)) throw errorOfAnswer(answer);
      return readAnswer(NAME, chunks, answer.json).flatMap(({ results }) => results);
    },
  };
}
