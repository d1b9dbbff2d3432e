import type { z } from 'zod';
import { readAnswer, type Send } from '#integrations/providers/wire.js';
import { errorOfAnswer, NAME } from './errors.js';

/** https://docs.x.com/x-api/introduction */
export interface XApi {
  /** Throws the mapped error. */
  get<Schema extends z.ZodType>(
    accessToken: string,
    path: string,
    query: Record<string, string>,
    schema: Schema,
  ): Promise<z.output<Schema>>;
}

/** Returns the API of X at an address. */
export function xApi(base: string, send: Send, now: () => Date): XApi {
  return {
    async get(accessToken, path, query, schema) {
      const url = `${base}/2${path}?${new URLSearchParams(query)}`;
      const answer = await send({ url, headers: { authorization: `Bearer ${accessToken}` }, isIdempotent: true });
      if (answer.status !== 200) throw errorOfAnswer(answer, now());
      return readAnswer(NAME, schema, answer.json);
    },
  };
}
