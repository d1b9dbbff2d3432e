import { LRUCache } from 'lru-cache';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Records that a user or API key called a tool. */
export type RecordToolCall = (identity: Identity, tool: string) => Promise<void>;

const RECORD = /* GraphQL */ `
  mutation RecordToolCall($tool: String!) {
    recordToolCall(tool: $tool)
  }
`;

const MAX_RECORDED = 10_000;

/**
 * Returns what records tool calls in the organization's audit trail, once per caller, tool and day (UTC). Throws when one
 * cannot be recorded.
 */
export function createRecordToolCall(auth: SubgraphDataSource, now: () => Date): RecordToolCall {
  const recorded = new LRUCache<string, true>({ max: MAX_RECORDED });
  return async (identity, tool) => {
    const { organizationId, userId, apiKeyId } = identity;
    const day = now().toISOString().slice(0, 10);
    const key = [organizationId, userId ?? apiKeyId, tool, day].join(' ');
    if (recorded.has(key)) return;
    await askSubgraph(auth, { query: RECORD, variables: { tool } }, identity);
    recorded.set(key, true);
  };
}
