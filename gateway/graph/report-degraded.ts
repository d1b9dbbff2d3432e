import type { ApolloServerPlugin } from '@apollo/server';
import { uniqBy } from 'es-toolkit/array';
import type { GatewayContext } from '#gateway/context.js';

/** Lists in `extensions.degraded` which subgraphs did not answer their part, and why. */
export const reportDegraded: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body }, contextValue: { degraded } }) => {
      if (!degraded || body.kind !== 'single') return;
      const parts = uniqBy(degraded, ({ subgraph, reason }) => `${subgraph} ${reason}`);
      body.singleResult.extensions = { ...body.singleResult.extensions, degraded: parts };
    },
  }),
};
