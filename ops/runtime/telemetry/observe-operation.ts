import { Counter } from 'prom-client';
import { BufferedHistogram } from './buffered-histogram.js';
import { nameLabels } from './name-labels.js';
import { boundLabel, registry, WAITING_BUCKETS } from './registry.js';

const MAX_FIELDS = 2_000;
/** Documents whose fields wait to be counted, where nothing scrapes them. */
const MAX_UNCOUNTED = 500;
const MAX_CODES = 50;

const operations = new BufferedHistogram({
  name: 'webmetrics_graphql_operation_duration_seconds',
  help: 'GraphQL operations answered by the gateway, by the name their client gave them.',
  labelNames: ['operation', 'type', 'outcome'],
  buckets: WAITING_BUCKETS,
});

const responses = new Counter({
  name: 'webmetrics_response_cache_requests_total',
  help: 'Queries, by whether their whole answer was remembered (hit) or had to be made (miss).',
  labelNames: ['outcome'],
  registers: [registry],
});

/** The fields of one document, and how often it was executed since they were last counted. */
export interface FieldTally {
  readonly fields: readonly string[];
  count: number;
}

const uncounted = new Set<FieldTally>();
const fieldLabel = boundLabel(MAX_FIELDS);

/** Counts what was tallied: a dashboard has sixty fields, too many to count each with each request. */
function countFields(): void {
  for (const tally of uncounted) {
    for (const field of tally.fields) fields.inc({ field: fieldLabel(field) }, tally.count);
    tally.count = 0;
  }
  uncounted.clear();
}

const fields = new Counter({
  name: 'webmetrics_graphql_fields_total',
  help: 'Fields that operations asked for, as Type.field: once per operation, however many objects it answered.',
  labelNames: ['field'],
  registers: [registry],
  collect: countFields,
});

/** Counts the fields of a document. */
export function observeFields(tally: FieldTally): void {
  if (tally.count === 0) uncounted.add(tally);
  tally.count += 1;
  if (uncounted.size >= MAX_UNCOUNTED) countFields();
}

export interface AnsweredOperation {
  /** undefined = anonymous. */
  name: string | undefined;
  /** undefined = invalid. */
  type: string | undefined;
  codes: readonly string[];
  /** Whether its caller is a user or an API key. */
  isSignedIn: boolean;
  /** Whether the response came from the cache; undefined = it is not cacheable. */
  isRemembered?: boolean;
}

const errors = new Counter({
  name: 'webmetrics_errors_total',
  help: 'Errors in the answers of the gateway, by their code.',
  labelNames: ['code'],
  registers: [registry],
});

const codeLabel = boundLabel(MAX_CODES);

/** Counts an error that was sent to a client. */
export function observeError(code: string): void {
  errors.inc({ code: codeLabel(code) });
}

/** Codes of errors that are the installation's: what answers them all is available. */
const OWN_FAULTS = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'RESULT_UNKNOWN']);

const failed = new Counter({
  name: 'webmetrics_failed_operations_total',
  help: "GraphQL operations with an error that is this installation's, and not that of a caller or a provider.",
  registers: [registry],
});

const nameLabel = nameLabels((operation) => operations.forget('operation', operation));

/** Counts an operation, its errors and its duration. */
export function observeOperation(answered: AnsweredOperation, seconds: number): void {
  const { name, type, codes, isSignedIn, isRemembered } = answered;
  const operation = type ? (name ? nameLabel(name, isSignedIn) : 'anonymous') : 'invalid';
  const outcome = codes.length > 0 ? 'error' : 'ok';
  operations.observe({ operation, type: type ?? 'none', outcome }, seconds);
  for (const code of codes) observeError(code);
  if (codes.some((code) => OWN_FAULTS.has(code))) failed.inc();
  if (isRemembered !== undefined) responses.inc({ outcome: isRemembered ? 'hit' : 'miss' });
}
