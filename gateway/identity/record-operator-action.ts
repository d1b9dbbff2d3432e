import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Client } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';

/** Something an operator did through the gateway. */
export interface OperatorAction {
  /** Their name, or their id when they are a person of the organization that runs the installation. */
  operator: string;
  action: string;
  details: Record<string, unknown>;
  client: Client;
  requestId: string;
}

const RECORD = /* GraphQL */ `
  mutation RecordOperatorAction($action: String!, $details: String!) {
    recordOperatorAction(action: $action, details: $details)
  }
`;

/**
 * Returns how what operators do is written into the trail of the installation. It is done already, so what cannot be written
 * stands in the log, where all of it stands, and nothing is thrown.
 */
export function createRecordOperatorAction(auth: SubgraphDataSource, logger: Logger) {
  return async ({ operator, action, details, client, requestId }: OperatorAction): Promise<void> => {
    const variables = { action, details: JSON.stringify(details) };
    const identity = { kind: 'service', userId: operator, scopes: [], client, requestId } as const;
    await askSubgraph(auth, { query: RECORD, variables }, { ...identity, scopes: [] }).catch((error) => {
      logger.warn({ err: error, operator, action, requestId }, 'What an operator did is not in the audit trail');
    });
  };
}
