import { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import { readPage } from '#integrations/providers/halves.js';
import { readAnswer, type Send } from '#integrations/providers/wire.js';
import type { LinkedInAdsSettings } from './config.js';
import { errorOfAnswer, NAME } from './errors.js';

/** Reads the Marketing API; queries are Rest.li-encoded (restli.ts). */
export interface LinkedInApi {
  find(accessToken: string, path: string, query: string): Promise<unknown[]>;
  /** Returns the elements of all pages, of 1,000 unless the resource has smaller ones. */
  search(accessToken: string, path: string, query: string, maxPageSize?: number): Promise<unknown[]>;
}

/** Longer queries go into the body: https://linkedin.github.io/rest.li/spec/protocol#query-tunneling */
const MAX_QUERY_BYTES = 4_096;
const PAGE_SIZE = 1_000;
const MAX_PAGES = 1_000;

const answer = z.object({
  elements: z.array(z.unknown()),
  metadata: z.object({ nextPageToken: z.string().min(1).optional() }).optional(),
});

/** Returns the Marketing API of an installation. */
export function linkedInApi(settings: LinkedInAdsSettings, send: Send, now: () => Date): LinkedInApi {
  const { apiBase, version } = settings;

  async function read(accessToken: string, path: string, query: string): Promise<z.output<typeof answer>> {
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'linkedin-version': version,
      'x-restli-protocol-version': '2.0.0',
    };
    const url = `${apiBase}/rest${path}`;
    const isLong = Buffer.byteLength(query) > MAX_QUERY_BYTES;
    const tunnelled = { 'content-type': 'application/x-www-form-urlencoded', 'x-http-method-override': 'GET' };
    const found = await send(
      isLong
        ? { method: 'POST', url, headers: { ...headers, ...tunnelled }, body: query, isIdempotent: true }
        : { url: `${url}?${query}`, headers, isIdempotent: true },
    );
    if (found.status !== 200) throw errorOfAnswer(found, now());
    return readAnswer(NAME, answer, found.json);
  }

  return {
    find: async (accessToken, path, query) => (await read(accessToken, path, query)).elements,

    async search(accessToken, path, query, maxPageSize = PAGE_SIZE) {
      const elements: unknown[] = [];
      const seen = new Set<string>();
      let token = '';
      let size = maxPageSize;
      do {
        const from = token && `&pageToken=${encodeURIComponent(token)}`;
        const found = await readPage(size, (pageSize) =>
          read(accessToken, path, `${query}&pageSize=${pageSize}${from}`),
        );
        const { page } = found;
        size = found.size;
        elements.push(...page.elements);
        token = page.metadata?.nextPageToken ?? '';
        if (seen.has(token) || seen.size === MAX_PAGES) {
          throw new MalformedAnswer(NAME, 'answers the same page again and again');
        }
        if (token) seen.add(token);
      } while (token);
      return elements;
    },
  };
}
