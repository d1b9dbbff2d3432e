import { randomUUID } from 'node:crypto';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import type { ReadSession } from '#gateway/identity/authenticate.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { AppError, Unauthenticated } from '#runtime/errors.js';
import type { TokenSigner } from '#runtime/identity/identity.js';
import { refuseUntilSetUp } from '#runtime/identity/set-up-session.js';
import { PERSONAL_DATA_AUDIENCE, type PersonalDataClaims } from '#runtime/identity/token-audiences.js';
import type { BaseServices } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';

/** Returns the personal data of every subgraph. Throws when one of them does not answer. */
export type CollectPersonalData = (personId: string) => Promise<Record<string, unknown>>;

const TIMEOUT_MS = 30_000;

/** Returns the collector of personal data, over the transport of each subgraph. */
export function createCollectPersonalData(
  { config, internalSigner, http }: BaseServices,
  local: RunningSubgraph[],
): CollectPersonalData {
  async function askRemote(name: string, url: string, personId: string): Promise<unknown> {
    const identity = { kind: 'service' as const, scopes: [], requestId: randomUUID() };
    const headers = { authorization: `Bearer ${await internalSigner.sign(identity, name)}` };
    const address = new URL(`personal-data/${personId}`, url).href;
    const answer = await http.send({ url: address, headers, timeoutMs: TIMEOUT_MS, isIdempotent: true, isOurs: true });
    if (answer.status === 200) return JSON.parse(answer.body);
    throw new AppError('Not all parts of WebMetrics answer now: try again in a minute.', 'SUBGRAPH_UNAVAILABLE');
  }

  return async (personId) => {
    const collected: Record<string, unknown> = {};
    for (const name of subgraphNames) {
      const url = config.subgraphUrls[name];
      const here = local.find((subgraph) => subgraph.name === name);
      collected[name] = url ? await askRemote(name, url, personId) : await here?.personalData(personId);
    }
    return collected;
  };
}

export interface MyDataOptions {
  internalSigner: TokenSigner;
  readSession: ReadSession;
  collect: CollectPersonalData;
  limit: preHandlerAsyncHookHandler;
}

/** `GET /downloads/my-data.json`: the personal data of a user, by the link of `exportMyData`, while its session lasts. */
export function myDataRoute(app: FastifyInstance, options: MyDataOptions): void {
  const { internalSigner, readSession, collect, limit } = options;
  app.get<{ Querystring: { token?: unknown } }>(
    '/downloads/my-data.json',
    { preHandler: limit },
    async ({ query, id: requestId }, reply) => {
      const { token } = query;
      if (typeof token !== 'string') throw new Unauthenticated('Ask for a link with exportMyData.');
      const claims = await internalSigner.verifyClaims<PersonalDataClaims>(token, PERSONAL_DATA_AUDIENCE);
      const { personId, sessionId } = claims;
      const session = sessionId ? await readSession(sessionId, requestId) : null;
      if (session?.userId !== personId) throw new Unauthenticated('The session of this link has ended: log in again.');
      const refusal = refuseUntilSetUp(session);
      if (refusal) throw refusal;
      const collected = { exportedAt: new Date().toISOString(), ...(await collect(personId)) };
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', 'attachment; filename="webmetrics-my-data.json"')
        .header('cache-control', 'private, no-store')
        .send(`${JSON.stringify(collected, null, 2)}\n`);
    },
  );
}
