import type { SubgraphName } from '#schema/type-definitions.js';
import type { Subgraph } from './kit/define-subgraph.js';

/** The subgraphs, loaded on demand: a gateway whose subgraphs run elsewhere never loads their code. */
export const subgraphs: Record<SubgraphName, () => Promise<Subgraph>> = {
  auth: async () => (await import('./auth/index.js')).auth,
  integrations: async () => (await import('./integrations/index.js')).integrations,
  reporting: async () => (await import('./reporting/index.js')).reporting,
  billing: async () => (await import('./billing/index.js')).billing,
};
