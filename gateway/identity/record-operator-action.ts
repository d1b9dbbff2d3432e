import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Client } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';

/** An action of an operator. */
export interface OperatorAction {
  /** A name, or the id of a user. */
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
 * Returns what records actions in the audit trail of the installation. A failure is logged and not thrown: the action
 * has happened.
 */
export function createRecordOperatorAction(auth: SubgraphDataSource, logger: Logger) {
  return async ({ operator, action, details, client, requestId }: OperatorAction): Promise<void> => {
    const variables = { action, details: JSON.stringify(details) };
    const identity = { kind: 'service', userId: operator, scopes: [], client, requestId } as const;
    await askSubgraph(auth, { query: RECORD, variables }, { ...identity, scopes: [] }).catch((error) => {
      logger.warn({ err: error, operator, action, requestId }, 'Operator action not recorded in the audit trail');
    });
  };
}
