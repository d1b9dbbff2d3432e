import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { dataOf, type RunOperation } from '#gateway/graph/run-operation.js';
import { clientOf } from '#gateway/http/client-of.js';
import type { Authenticate, ReadSession } from '#gateway/identity/authenticate.js';
import { AppError, Conflict, NotFound, Unauthenticated } from '#runtime/errors.js';
import type { Identity, TokenSigner } from '#runtime/identity/identity.js';
import { refuseUntilSetUp } from '#runtime/identity/set-up-session.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';
import { recordOrganization } from '#runtime/scope/request-context.js';
import { spreadsheetText } from './spreadsheet-text.js';

const RECORD_DOWNLOAD = /* GraphQL */ `
  mutation RecordReportDownload($id: ID!) {
    recordReportDownload(reportId: $id)
  }
`;

/** Most reports take seconds. */
const NOT_READY_SECONDS = 5;
export const FORMATS = ['csv'];

interface Report {
  title: string;
  status: 'QUEUED' | 'RUNNING' | 'READY' | 'FAILED';
  template: { columns: { key: string; kind: 'TEXT' | 'INTEGER' | 'DECIMAL' }[] };
  rows: { edges: { node: { cells: string[] } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null;
}

export interface ReportCsvOptions {
  run: RunOperation;
  send: SendReportCsv;
  authenticate: Authenticate;
  internalSigner: TokenSigner;
  readSession: ReadSession;
  limit: preHandlerAsyncHookHandler;
  reporting: SubgraphDataSource;
}

async function readPage({ run }: Pick<ReportCsvOptions, 'run'>, identity: Identity, id: string, after: string | null) {
  const { report } = dataOf(await run<{ report: Report | null }>('ReadReportRows', { id, after }, { identity }));
  if (!report) throw new NotFound('report');
  if (report.status === 'FAILED') throw new Conflict('This report failed: order it again.');
  if (!report.rows) {
    throw new Conflict(`This report is not ready: wait ${NOT_READY_SECONDS} seconds.`, {
      retryAfter: NOT_READY_SECONDS,
    });
  }
  return report as Report & { rows: NonNullable<Report['rows']> };
}

/** Reads the next page when the client has taken the last. */
async function* linesOf(
  options: Pick<ReportCsvOptions, 'run'>,
  identity: Identity,
  id: string,
  first: Awaited<ReturnType<typeof readPage>>,
): AsyncGenerator<string[]> {
  const { columns } = first.template;
  yield columns.map(({ key }) => key);
  for (let page = first; ; ) {
    for (const { node } of page.rows.edges) {
      yield node.cells.map((cell, index) => (columns[index]?.kind === 'TEXT' ? spreadsheetText(cell) : cell));
    }
    const { hasNextPage, endCursor } = page.rows.pageInfo;
    if (!hasNextPage) return;
    page = await readPage(options, identity, id, endCursor);
  }
}

/** Sends a report to the caller of an admitted request. Throws NotFound, and Conflict before it is READY. */
export type SendReportCsv = (request: FastifyRequest, reply: FastifyReply, id: string) => Promise<FastifyReply>;

/** Returns the sender of reports as CSV, which records each download. */
export function createSendReportCsv(options: Pick<ReportCsvOptions, 'run' | 'reporting'>): SendReportCsv {
  return async (request, reply, id) => {
    const { identity } = request;
    const first = await readPage(options, identity, id, null);
    // A download that cannot be recorded is refused.
    const reader = { ...identity, client: clientOf(request) };
    await askSubgraph(options.reporting, { query: RECORD_DOWNLOAD, variables: { id } }, reader);
    // A failure cuts the download short, which the client notices.
    const csv = pipeline(
      Readable.from(linesOf(options, identity, id, first)),
      stringify({ record_delimiter: 'windows' }),
      () => {},
    );
    const name = first.title.replace(/[^\w.-]+/g, '-').toLowerCase();
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`)
      .header('cache-control', 'private, no-store')
      .send(csv);
  };
}

/**
 * `GET /downloads/reports/:id.csv`: a report, by `Report.downloadUrl` or with credentials. 409 with `Retry-After` before it is
 * READY, 404 for another format.
 */
export function reportCsvRoute(app: FastifyInstance, options: ReportCsvOptions): void {
  const { authenticate, internalSigner, readSession, send } = options;

  /** Returns the clients that the session of a link is limited to now. */
  async function limitOf(
    sessionId: string,
    organizationId: string,
    requestId: string,
  ): Promise<Pick<Identity, 'clientIds'>> {
    const session = await readSession(sessionId, requestId);
    if (session?.organizationId !== organizationId) throw new Unauthenticated('The session of this link has ended.');
    const refusal = refuseUntilSetUp(session);
    if (refusal) throw refusal;
    return session.clientIds ? { clientIds: session.clientIds } : {};
  }

  async function identify(id: string, token: string | undefined, authorization: string | undefined, requestId: string) {
    if (!token) return authenticate(authorization, requestId);
    const claims = await internalSigner.verifyClaims<ReportDownloadClaims>(token, REPORT_DOWNLOAD_AUDIENCE);
    if (claims.reportId !== id) throw new Unauthenticated('This link is for another report.');
    const { organizationId, sessionId } = claims;
    const limit = sessionId ? await limitOf(sessionId, organizationId, requestId) : {};
    recordOrganization(organizationId);
    return { kind: 'service', organizationId, scopes: [], requestId, ...limit } satisfies Identity;
  }

  app.get<{ Params: { file: string }; Querystring: { token?: string } }>(
    '/downloads/reports/:file',
    { preHandler: options.limit },
    async (request, reply) => {
      const { params, query, headers, id: requestId } = request;
      const [, id = '', format = ''] = /^(.*?)(?:\.([^.]*))?$/s.exec(params.file) ?? [];
      if (!FORMATS.includes(format)) {
        const known = FORMATS.map((each) => `.${each}`).join(', ');
        throw new AppError(`Reports are downloaded as ${known}: there is no other format.`, 'NOT_FOUND');
      }
      request.identity = await identify(id, query.token, headers.authorization, requestId);
      return send(request, reply, id);
    },
  );
}
