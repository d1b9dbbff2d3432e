import type { ApolloServerPlugin } from '@apollo/server';
import { uniq, uniqBy } from 'es-toolkit/array';
import type { DegradedPart, GatewayContext } from '#gateway/context.js';

/** Names in the header `x-degraded` which subgraphs did not answer their part. */
export const DEGRADED_HEADER = 'x-degraded';

/** Returns the value of that header. */
export const namesOf = (parts: readonly DegradedPart[]) => uniq(parts.map(({ subgraph }) => subgraph)).join(', ');

/** Lists in `extensions.degraded` which subgraphs did not answer their part, and why. */
export const reportDegraded: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http }, contextValue: { degraded } }) => {
      if (!degraded || body.kind !== 'single') return;
      const parts = uniqBy(degraded, ({ subgraph, reason }) => `${subgraph} ${reason}`);
      http.headers.set(DEGRADED_HEADER, namesOf(parts));
      body.singleResult.extensions = { ...body.singleResult.extensions, degraded: parts };
    },
  }),
};
