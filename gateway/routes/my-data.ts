import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import type { CollectPersonalData } from '#gateway/federation/collect-personal-data.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { IdentitySigner } from '#runtime/identity/identity.js';
import { PERSONAL_DATA_AUDIENCE, type PersonalDataClaims } from '#runtime/identity/token-audiences.js';

export interface MyDataOptions {
  internalSigner: IdentitySigner;
  collect: CollectPersonalData;
  limit: preHandlerAsyncHookHandler;
}

/** `GET /downloads/my-data.json`: the personal data of a user, by the link of `exportMyData`. */
export function myDataRoute(app: FastifyInstance, { internalSigner, collect, limit }: MyDataOptions): void {
  app.get<{ Querystring: { token?: unknown } }>(
    '/downloads/my-data.json',
    { preHandler: limit },
    async ({ query }, reply) => {
      const { token } = query;
      if (typeof token !== 'string') throw new Unauthenticated('Ask for a link with exportMyData.');
      const { personId } = await internalSigner.verifyClaims<PersonalDataClaims>(token, PERSONAL_DATA_AUDIENCE);
      const collected = { exportedAt: new Date().toISOString(), ...(await collect(personId)) };
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', 'attachment; filename="webmetrics-my-data.json"')
        .header('cache-control', 'private, no-store')
        .send(`${JSON.stringify(collected, null, 2)}\n`);
    },
  );
}
