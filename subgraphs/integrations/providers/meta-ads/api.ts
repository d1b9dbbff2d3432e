import { chunk, zip } from 'es-toolkit/array';
import { z } from 'zod';
import { MalformedAnswer, TooMuchData } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import type { MetaAdsSettings } from './config.js';
import { errorOfAnswer, isError, NAME } from './errors.js';

/** Reads the Graph API. https://developers.facebook.com/docs/graph-api/overview */
export interface MetaApi {
  /** Returns the answer, whatever its status. */
  get(path: string, query: Record<string, string>, accessToken?: string): Promise<WireAnswer>;
  /** Sends 50 in a call. What fails a call answers each of its requests. */
  getAll(requests: GraphRequest[], accessToken: string): Promise<GraphAnswers>;
}

export interface GraphRequest {
  path: string;
  query: Record<string, string>;
  /** Pages are halved when they are too much; not where the range of days is. */
  hasFixedPages?: boolean;
}

export type GraphAnswers = Map<GraphRequest, WireAnswer | Error>;

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

/** Returns why a path must not be read now, if so. */
export type Refuse = (path: string) => Promise<Error | undefined>;

/** Returns the Graph API of an installation; `refuse` checks the limits of each path. */
export function metaApi(settings: MetaAdsSettings, send: Send, refuse: Refuse = async () => undefined): MetaApi {
  const { graphBase, version } = settings;

  /** Meta answers in the order of the requests. */
  async function sendBatch(requests: GraphRequest[], accessToken: string): Promise<Map<GraphRequest, Part>> {
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
    if (parts.length === requests.length) return new Map(zip(requests, parts));
    throw new MalformedAnswer(NAME, 'answered a part of our questions only');
  }

  async function readBatch(requests: GraphRequest[], accessToken: string): Promise<GraphAnswers> {
    try {
      const parts = await sendBatch(requests, accessToken);
      // null = Meta ran out of time for this part, which is repeated once.
      const late = requests.filter((request) => !parts.get(request));
      const repeated = late.length > 0 ? await sendBatch(late, accessToken) : new Map<GraphRequest, Part>();
      const answerOf = (request: GraphRequest) => {
        const part = parts.get(request) ?? repeated.get(request);
        return part ? answerOfPart(part) : withFault('TIMEOUT', new TooMuchData(NAME, 'did not answer in time'));
      };
      return new Map(requests.map((request) => [request, answerOf(request)]));
    } catch (error) {
      if (!(error instanceof TooMuchData) || requests.length === 1) {
        return new Map(requests.map((request) => [request, error as Error]));
      }
      const half = Math.ceil(requests.length / 2);
      const one = await readBatch(requests.slice(0, half), accessToken);
      return new Map([...one, ...(await readBatch(requests.slice(half), accessToken))]);
    }
  }

  return {
    get: (path, query, accessToken) =>
      send({
        url: `${graphBase}/${version}/${path}?${new URLSearchParams(query)}`,
        // Proxies log addresses, not headers.
        ...(accessToken && { headers: { authorization: `Bearer ${accessToken}` } }),
        isIdempotent: true,
      }),

    async getAll(requests, accessToken) {
      // Each account in a batch has limits of its own.
      const refusals: GraphAnswers = new Map();
      const check = async (request: GraphRequest) => {
        const refusal = await refuse(request.path);
        if (refusal) refusals.set(request, refusal);
      };
      await Promise.all(requests.map(check));
      const allowed = requests.filter((request) => !refusals.has(request));
      const batches = chunk(allowed, MAX_BATCH).map((batch) => readBatch(batch, accessToken));
      const answered = await Promise.all(batches);
      return new Map([...refusals, ...answered.flatMap((answers) => [...answers])]);
    },
  };
}
