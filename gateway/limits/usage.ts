import { randomUUID } from 'node:crypto';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import { type UsageBatch, UsageCounter } from './usage-counter.js';

const RECORD = /* GraphQL */ `
  mutation RecordUsage($source: ID!, $sequence: Long!, $days: [UsageDayInput!]!) {
    recordUsage(source: $source, sequence: $sequence, days: $days)
  }
`;

/** Opens the counter of requests and cost, which billing records; it is closed after the last request. */
export function openUsage(
  { logger, lifecycle, now }: Pick<BaseServices, 'logger' | 'lifecycle' | 'now'>,
  billing: Pick<SubgraphDataSource, 'execute'>,
): UsageCounter {
  const send = ({ source, sequence, days }: UsageBatch) => {
    const identity: Identity = { kind: 'service', scopes: [], requestId: randomUUID() };
    return askSubgraph(billing, { query: RECORD, variables: { source, sequence, days } }, identity);
  };
  const counter = new UsageCounter({ send, now, logger });
  lifecycle.onClose('Usage', () => counter.close());
  return counter;
}
