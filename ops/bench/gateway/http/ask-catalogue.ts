import { Pool } from 'undici';
import { CATALOGUE } from './catalogue.js';
import type { Subject } from './subjects.js';

/** Connections to one gateway. */
export interface Client {
  /** Returns the status and the text of the answer for a visitor. Rejects without an answer. */
  ask(visitor: string): Promise<{ status: number; text: Buffer }>;
  close(): Promise<void>;
}

export interface ClientOptions {
  connections: number;
  /** The address that connections come from: a gateway takes so many of each. */
  localAddress?: string;
}

/** An answer that takes longer never comes. */
const HANGS_AFTER_MS = 60_000;

/** All ids have one length, so that all answers have. */
export const visitorOf = (number: number) => `v${String(number).padStart(9, '0')}`;

/** Opens connections to a gateway. */
export function openClient({ url }: Pick<Subject, 'url'>, { connections, localAddress }: ClientOptions): Client {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    headersTimeout: HANGS_AFTER_MS,
    bodyTimeout: HANGS_AFTER_MS,
    localAddress,
  });
  return {
    ask: async (visitor) => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: CATALOGUE, operationName: 'Catalogue', variables: { visitor } }),
      });
      return { status: statusCode, text: Buffer.from(await body.arrayBuffer()) };
    },
    close: () => pool.close(),
  };
}
