import { Counter } from 'prom-client';
import { nameLabels } from './name-labels.js';
import { registry } from './registry.js';

const requests = new Counter({
  name: 'webmetrics_client_requests_total',
  help: 'GraphQL operations, by the name their client gave itself.',
  labelNames: ['client'],
  registers: [registry],
});

const deprecated = new Counter({
  name: 'webmetrics_deprecated_field_requests_total',
  help: 'Operations that asked for something deprecated (Type.field, an argument, an input field, an enum value), by client.',
  labelNames: ['field', 'client'],
  registers: [registry],
});

const counted = new Set<string>();

const clientLabel = nameLabels((client) => {
  requests.remove({ client });
  for (const outcome of ['reported', 'refused']) untrusted.remove({ client, outcome });
  for (const field of counted) deprecated.remove({ field, client });
});

const untrusted = new Counter({
  name: 'webmetrics_untrusted_documents_total',
  help: 'Requests with a document that is in no manifest of their client, by whether it ran (reported) or not (refused).',
  labelNames: ['client', 'outcome'],
  registers: [registry],
});

/** What an operation asked for. */
export interface ClientRequest {
  /** undefined = the client does not name itself. */
  client: string | undefined;
  /** Whether its caller is a user or an API key: others get no label of their own. */
  isSignedIn: boolean;
  /** What is deprecated of it: paths of the schema, each once. */
  deprecated: readonly string[];
}

const labelOf = ({ client, isSignedIn }: Pick<ClientRequest, 'client' | 'isSignedIn'>) =>
  client === undefined ? 'unnamed' : clientLabel(client, isSignedIn);

/** Counts a document that is in no manifest of its client. */
export function observeUntrusted({
  outcome,
  ...client
}: Pick<ClientRequest, 'client' | 'isSignedIn'> & { outcome: 'reported' | 'refused' }): void {
  untrusted.inc({ client: labelOf(client), outcome });
}

/** Counts an operation by its client. */
export function observeClient(request: ClientRequest): void {
  const client = labelOf(request);
  requests.inc({ client });
  for (const field of request.deprecated) {
    counted.add(field);
    deprecated.inc({ field, client });
  }
}
