import { Counter } from 'prom-client';
import { observeError } from './observe-errors.js';
import { boundLabel, registry, WAITING_BUCKETS } from './registry.js';
import { WaitingTimes } from './waiting-times.js';

const MAX_NAMES = 200;
const MAX_FIELDS = 2_000;

const operations = new WaitingTimes({
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

/** The fields of one document, and how often they were asked for since they were last counted. */
export interface FieldTally {
  readonly fields: readonly string[];
  count: number;
}

const uncounted = new Set<FieldTally>();
const fieldLabel = boundLabel(MAX_FIELDS);

/** Adds up what was only tallied: a dashboard asks for sixty fields, and to count each of them each time takes too long. */
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

/** Counts the fields of a document once more. */
export function observeFields(tally: FieldTally): void {
  if (tally.count === 0) uncounted.add(tally);
  tally.count += 1;
}

/** One GraphQL operation that was answered. */
export interface AnsweredOperation {
  /** undefined = its client did not name it. */
  name: string | undefined;
  /** undefined = it could not be read. */
  type: string | undefined;
  /** Of its errors. */
  codes: readonly string[];
  /** Whether the whole answer was remembered; undefined = it could not be. */
  isRemembered?: boolean;
}

const nameLabel = boundLabel(MAX_NAMES);

/** Counts an operation, its errors, and how long it took. */
export function observeOperation({ name, type, codes, isRemembered }: AnsweredOperation, seconds: number): void {
  // Only what could be read gets a name of its own: or nonsense would use the names up.
  const operation = type ? nameLabel(name ?? 'anonymous') : 'invalid';
  const outcome = codes.length > 0 ? 'error' : 'ok';
  operations.observe({ operation, type: type ?? 'none', outcome }, seconds);
  for (const code of codes) observeError(code);
  if (isRemembered !== undefined) responses.inc({ outcome: isRemembered ? 'hit' : 'miss' });
}
