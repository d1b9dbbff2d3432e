import { z } from 'zod';
import { MalformedAnswer, ProviderUnavailable } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { chunksOf } from '#integrations/providers/chunks-of.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { MetaAdsSettings } from './config.js';
import { errorOfAnswer, isError, NAME } from './errors.js';

/** The two ways we read the Graph API. https://developers.facebook.com/docs/graph-api/overview */
export interface MetaApi {
  /** Returns the answer to one GET, whatever it says. */
  get(path: string, query: Record<string, string>, accessToken?: string): Promise<WireAnswer>;
  /** Returns the answers to many GETs in their order, 50 in each call. What concerns a whole call stands in each place. */
  getAll(requests: GraphRequest[], accessToken: string): Promise<(WireAnswer | Error)[]>;
}

/** What to read inside a batch. */
export interface GraphRequest {
  path: string;
  query: Record<string, string>;
}

/** https://developers.facebook.com/docs/graph-api/batch-requests */
const MAX_BATCH = 50;

const batchAnswer = z.array(
  z
    .object({
      code: z.number(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
      body: z.string(),
    })
    .nullable(),
);

type Part = z.infer<typeof batchAnswer>[number];

function answerOfPart(part: NonNullable<Part>): WireAnswer {
  const headers = Object.fromEntries(part.headers.map(({ name, value }) => [name.toLowerCase(), value]));
  try {
    return { status: part.code, headers, json: JSON.parse(part.body) };
  } catch {
    return { status: part.code, headers, json: undefined };
  }
}

/** Says why a path may not be read now; undefined = it may. */
export type Refuse = (path: string) => Promise<Error | undefined>;

export function metaApi(settings: MetaAdsSettings, send: Send, refuse: Refuse = async () => undefined): MetaApi {
  const { graphBase, version } = settings;

  async function sendBatch(requests: GraphRequest[], accessToken: string): Promise<Part[]> {
    const batch = requests.map(({ path, query }) => ({
      method: 'GET',
      relative_url: `${version}/${path}?${new URLSearchParams(query)}`,
    }));
    const answer = await send({
      method: 'POST',
      url: `${graphBase}/`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ batch: JSON.stringify(batch), access_token: accessToken }).toString(),
      isIdempotent: true,
    });
    if (isError(answer)) throw errorOfAnswer(answer);
    const parts = readAnswer(NAME, batchAnswer, answer.json);
    if (parts.length === requests.length) return parts;
    throw new MalformedAnswer(NAME, 'answered a part of our questions only');
  }

  async function askBatch(requests: GraphRequest[], accessToken: string): Promise<(WireAnswer | Error)[]> {
    try {
      const parts = await sendBatch(requests, accessToken);
      // null = Meta ran out of time for this part and asks to repeat it; once is enough.
      const late = requests.filter((_, place) => parts[place] === null);
      const repeated = late.length > 0 ? await sendBatch(late, accessToken) : [];
      return parts.map((part) => {
        const answered = part ?? repeated.shift() ?? null;
        return answered
          ? answerOfPart(answered)
          : withFault('TIMEOUT', new ProviderUnavailable(NAME, 'did not answer in time'));
      });
    } catch (error) {
      return requests.map(() => error as Error);
    }
  }

  return {
    get: (path, query, accessToken) =>
      send({
        url: `${graphBase}/${version}/${path}?${new URLSearchParams(query)}`,
        // In a header rather than the address, which is what proxies write down.
        ...(accessToken && { headers: { authorization: `Bearer ${accessToken}` } }),
        isIdempotent: true,
      }),

    async getAll(requests, accessToken) {
      // A batch reads many accounts, each with limits of its own: what one has used up must not hold back the others.
      const refusals = await Promise.all(requests.map(({ path }) => refuse(path)));
      const batches = chunksOf(
        requests.filter((_, place) => !refusals[place]),
        MAX_BATCH,
      );
      const answers = (await Promise.all(batches.map((batch) => askBatch(batch, accessToken)))).flat().values();
      return refusals.map((refusal) => refusal ?? (answers.next().value as WireAnswer | Error));
    },
  };
}
