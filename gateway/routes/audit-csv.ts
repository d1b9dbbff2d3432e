import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { dataOf, type RunOperation } from '#gateway/graph/run-operation.js';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import { InvalidInput, Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { spreadsheetText } from './spreadsheet-text.js';

interface Event {
  sequence: number;
  id: string;
  occurredAt: string;
  action: string;
  outcome: string;
  actor: { kind: string; id: string | null; name: string | null };
  target: { type: string; id: string } | null;
  address: string | null;
  userAgent: string | null;
  requestId: string;
  before: unknown;
  after: unknown;
}

interface Log {
  edges: { node: Event }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

type Filter = Record<string, string | string[]>;

export interface AuditCsvOptions {
  run: RunOperation;
  authenticate: Authenticate;
  limit: preHandlerAsyncHookHandler;
}

const HEADER = [
  ...['sequence', 'id', 'occurredAt', 'action', 'outcome', 'actorKind', 'actorId', 'actorName', 'targetType'],
  ...['targetId', 'address', 'userAgent', 'requestId', 'before', 'after'],
];
const FILTERS = ['actorId', 'targetType', 'targetId', 'since', 'until', 'outcome'];

/** Throws InvalidInput for an unknown filter: a misspelt one must not export everything. */
function filterOf(query: Record<string, string | string[]>): Filter {
  const filter: Filter = {};
  for (const [name, value] of Object.entries(query)) {
    if (name === 'action') filter.actions = [value].flat();
    else if (FILTERS.includes(name) && typeof value === 'string') filter[name] = value;
    else
      throw new InvalidInput([{ argument: name, problem: `must be one of action, ${FILTERS.join(', ')}, given once` }]);
  }
  return filter;
}

async function readPage({ run }: AuditCsvOptions, identity: Identity, filter: Filter, after: string | null) {
  const answer = await run<{ organization: { auditLog: Log | null } | null }>(
    'ReadAuditRows',
    { filter, after },
    { identity },
  );
  const log = dataOf(answer).organization?.auditLog;
  if (!log) throw new Unauthenticated();
  return log;
}

const json = (value: unknown) => (value === null ? '' : JSON.stringify(value));

function lineOf({ actor, target, ...event }: Event): string[] {
  return [
    ...[String(event.sequence), event.id, event.occurredAt, event.action, event.outcome],
    ...[actor.kind, actor.id ?? '', actor.name ?? '', target?.type ?? '', target?.id ?? ''],
    ...[event.address ?? '', event.userAgent ?? '', event.requestId, json(event.before), json(event.after)],
  ].map(spreadsheetText);
}

/** Reads the next page when the client has taken the last. */
async function* linesOf(options: AuditCsvOptions, identity: Identity, filter: Filter, first: Log) {
  yield HEADER;
  for (let page = first; ; ) {
    for (const { node } of page.edges) yield lineOf(node);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return;
    page = await readPage(options, identity, filter, endCursor);
  }
}

/**
 * `GET /api/audit.csv?action=session.*&since=…`: the audit log of the organization, newest first, for administrators.
 * Filters as in `AuditLogFilter`.
 */
export function auditCsvRoute(app: FastifyInstance, options: AuditCsvOptions): void {
  app.get<{ Querystring: Record<string, string | string[]> }>(
    '/api/audit.csv',
    { preHandler: options.limit },
    async ({ query, headers, id: requestId }, reply) => {
      const identity = await options.authenticate(headers.authorization, requestId);
      if (!identity.organizationId) throw new Unauthenticated();
      const filter = filterOf(query);
      const first = await readPage(options, identity, filter, null);
      // A failure cuts the download short, which the client notices.
      const csv = pipeline(
        Readable.from(linesOf(options, identity, filter, first)),
        stringify({ record_delimiter: 'windows' }),
        () => {},
      );
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .header('cache-control', 'private, no-store')
        .send(csv);
    },
  );
}
