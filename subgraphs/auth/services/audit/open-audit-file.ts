import { once } from 'node:events';
import { Readable } from 'node:stream';
import PQueue from 'p-queue';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { permissions } from '#auth/permissions.js';
import type { AuditLogFilter } from '#auth/resolver-types.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { copyOutOf, withLiterals } from '#runtime/database/copy-out.js';
import { InvalidInput, NotFound, ServiceUnavailable, Unauthenticated } from '#runtime/errors.js';
import { judge } from '#runtime/identity/judge.js';
import { DateTime } from '#schema/scalars.js';
import { filterValues, MATCHES_FILTER } from './audit-filter.js';

/** Sequence numbers read by one statement, some hundred kilobytes; no connection is held while a client reads slowly. */
const NUMBERS_PER_READ = 2_000;
/** Of all downloads of this process: they take one connection from what else is asked. */
const reads = new PQueue({ concurrency: 1 });

const HEADER = `${[
  ...['sequence', 'id', 'occurredAt', 'action', 'outcome', 'actorKind', 'actorId', 'actorName', 'targetType'],
  ...['targetId', 'address', 'userAgent', 'requestId', 'before', 'after'],
].join()}\r\n`;

// What a spreadsheet takes for a formula at the start of a cell; full-width forms count in East Asian locales.
const TRIGGER = '-=+@＝＋－＠';
// Where the list separator is `;`, the quotes around a cell end inside of it, and a formula may begin there. A run is tried from its first
// character only, so that the time is linear.
const RUN = String.raw`((?<![;\s"])[;\s"]*[;\t\r\n][;\s"]*)(?=[${TRIGGER}])`;

/** Returns a text in SQL with an apostrophe before what a spreadsheet would evaluate as a formula, in whatever locale it opens the file. */
const neutral = (text: string) => String.raw`
  CASE WHEN ${text} ~ '^[${TRIGGER}\t\r\n]|[;\t\r\n]'
    THEN regexp_replace(regexp_replace(${text}, '${RUN}', '\1''', 'g'), '^(?=[${TRIGGER}\t\r\n])', '''')
    ELSE ${text} END`;

const UUID = '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
const NAME = `(SELECT name FROM auth.person WHERE id = CASE WHEN actor_id ~* '${UUID}' THEN actor_id::uuid END)`;
const KIND = `CASE actor_kind WHEN 'user' THEN 'USER' WHEN 'apiKey' THEN 'API_KEY' WHEN 'anonymous' THEN 'ANONYMOUS'
  WHEN 'share' THEN 'SHARE' ELSE 'SERVICE' END`;
const ofTarget = (column: string) => `CASE WHEN target_type <> '' AND target_id <> '' THEN ${column} END`;

/** The lines of a range of events; `$10` is the organization. */
const LINES = `
  SELECT sequence, id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ${neutral('action')}, outcome, ${KIND},
    ${neutral('actor_id')}, ${neutral(NAME)}, ${neutral(ofTarget('target_type'))}, ${neutral(ofTarget('target_id'))},
    ${neutral('address')}, ${neutral('user_agent')}, ${neutral('request_id')}, ${neutral('before::text')}, ${neutral('after::text')}
  FROM operations.audit_event
  WHERE organization_id = $10 AND sequence > $11 AND sequence <= $12 AND ${MATCHES_FILTER}
  ORDER BY sequence DESC`;

const RANGE = `
  SELECT coalesce(min(sequence) - 1, 0)::float8 AS first, coalesce(max(sequence), 0)::float8 AS last
  FROM operations.audit_event WHERE organization_id = $1`;

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Returns CSV of PostgreSQL with the line ends of RFC 4180. */
function withLineEnds(pieces: Buffer[]): Buffer {
  const text = Buffer.alloc(pieces.reduce((sum, { length }) => sum + length, NUMBERS_PER_READ));
  let at = 0;
  let isQuoted = false;
  for (const piece of pieces) {
    for (const byte of piece) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      if (byte === LINE_FEED && !isQuoted) text[at++] = CARRIAGE_RETURN;
      text[at++] = byte;
    }
  }
  return text.subarray(0, at);
}

async function* linesOf(database: DataSource, organizationId: string, values: unknown[]): AsyncGenerator<Buffer> {
  const [{ first, last }] = await database.query(RANGE, [organizationId]);
  let head = HEADER;
  for (let end: number = last; end > first; end -= NUMBERS_PER_READ) {
    const query = withLiterals(LINES, [...values, organizationId, end - NUMBERS_PER_READ, end]);
    const lines = withLineEnds(await reads.add(() => copyOutOf(database, `COPY (${query}) TO STDOUT (FORMAT csv)`)));
    yield head === '' ? lines : Buffer.concat([Buffer.from(head), lines]);
    head = '';
  }
  if (head !== '') yield Buffer.from(head);
}

const instant = z.string().transform((text, { addIssue }): Date => {
  try {
    return DateTime.parseValue(text) as Date;
  } catch (error) {
    addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const schema = z.strictObject({
  actions: z.array(z.string()).optional(),
  actorId: z.string().optional(),
  targetType: z.string().optional(),
  targetId: z.string().optional(),
  since: instant.optional(),
  until: instant.optional(),
  outcome: z.enum(['SUCCESS', 'REFUSED']).optional(),
});

function readFilter(text: string): AuditLogFilter {
  const { data, error } = schema.safeParse(JSON.parse(text));
  if (data) return data as AuditLogFilter;
  throw new InvalidInput(
    error.issues.map(({ path, message }) => ({ argument: path.join('.'), problem: `is wrong: ${message}` })),
  );
}

/**
 * Opens the audit log of the caller's organization as CSV, the newest first; `parameters.filter` is an AuditLogFilter as JSON. Events
 * that are added meanwhile are not in it. Texts are neutralized for spreadsheets. Throws what the rule of the log throws, and InvalidInput.
 */
export async function openAuditFile(
  { identity, services, database }: ServiceContext,
  { parameters: { filter = '{}' }, isHead }: FileRequest,
  signal: AbortSignal,
): Promise<FileAnswer> {
  const rule = permissions.fields?.Organization?.auditLog;
  const verdict = rule ? judge(rule.needs, identity) : new NotFound('file');
  if (verdict !== true) throw verdict;
  const { organizationId, requestId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const values = filterValues(readFilter(filter));
  const facts = { name: 'audit.csv', type: 'text/csv; charset=utf-8', etag: '', isKnown: false };
  if (isHead) return { ...facts, body: null };
  const body = Readable.from(linesOf(database, organizationId, values), { objectMode: false });
  const end = () => body.destroy(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  body.once('close', () => signal.removeEventListener('abort', end));
  if (signal.aborted) end();
  try {
    await once(body, 'readable');
  } catch (error) {
    // A client that is gone reads no answer, and that is no failure.
    throw signal.aborted ? new ServiceUnavailable() : error;
  }
  body.on('error', (error) => {
    if (signal.aborted) return;
    services.logger.error({ err: error, organizationId, requestId }, 'Download of an audit log broke off');
  });
  return { ...facts, body };
}
