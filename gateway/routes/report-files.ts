import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import { clientOf } from '#gateway/http/client-of.js';
import { namedTags } from '#gateway/http/entity-tag.js';
import type { ReadSession } from '#gateway/identity/authenticate.js';
import { presentedRoute } from '#gateway/limits/presented.js';
import { InvalidInput, Unauthenticated } from '#runtime/errors.js';
import type { Identity, TokenSigner } from '#runtime/identity/identity.js';
import { refuseUntilSetUp } from '#runtime/identity/set-up-session.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';
import { recordOrganization } from '#runtime/scope/request-context.js';

/** The media types of the files of reports, by format. */
export const reportTypes: Record<string, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
};

/** Which file of which report, and for CSV how it is written. */
export type ReportFileParameters = { id: string; format: string } & Record<string, string>;

/**
 * Sends a file of a report to `request.identity`; 304 when the client has it. Throws what the subgraph refuses it with; a failure after
 * the first byte cuts the connection, so that no part passes for the whole.
 */
export type SendReportFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: ReportFileParameters,
) => Promise<FastifyReply>;

/** Of clients that do not know RFC 8187. */
const asciiOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(/[^\w .,()-]+/g, '_');

/** Returns the sender of the files of reports, which the subgraph renders. */
export function createSendReportFile(reporting: SubgraphDataSource): SendReportFile {
  return async (request, reply, parameters) => {
    const identity: Identity = { ...request.identity, client: clientOf(request) };
    const knownTags = namedTags(request.headers['if-none-match']);
    const isHead = request.method === 'HEAD';
    const file = await reporting.openFile(
      { kind: 'report', parameters, knownTags, isHead },
      { identity, watch: request.watch },
    );
    void reply.type(file.type).headers({
      'content-disposition': contentDisposition(file.name, { fallback: asciiOf(file.name) }),
      'cache-control': 'private, no-cache',
      etag: file.etag,
    });
    // Without a stream, HEAD would say that the file is empty.
    const body = file.body ?? (isHead && !file.isKnown ? Readable.from([]) : undefined);
    return reply.code(file.isKnown ? 304 : 200).send(body);
  };
}

type Query = Record<string, string | string[]>;

/** Throws InvalidInput for a parameter that is given twice. */
function parametersOf({ token: _token, ...query }: Query): Record<string, string> {
  const twice = Object.keys(query).find((name) => typeof query[name] !== 'string');
  if (twice) throw new InvalidInput([{ argument: twice, problem: 'must be given once' }]);
  return query as Record<string, string>;
}

export interface ReportFileOptions {
  send: SendReportFile;
  admission: Admission;
  internalSigner: TokenSigner;
  readSession: ReadSession;
  limit: preHandlerAsyncHookHandler;
}

/**
 * `GET /reports/:id/download.{pdf,xlsx,csv}`: a file of a report, by `Report.downloadUrl` or with credentials; `GET /api/reports/…` is the
 * same among the REST resources. Not compressed: its tag is that of its bytes.
 */
export function reportFileRoutes(app: FastifyInstance, options: ReportFileOptions): void {
  const { admission, internalSigner, readSession, send } = options;

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

  async function identityOf(token: string, id: string, requestId: string): Promise<Identity> {
    const claims = await internalSigner.verifyClaims<ReportDownloadClaims>(token, REPORT_DOWNLOAD_AUDIENCE);
    if (claims.reportId !== id) throw new Unauthenticated('This link is for another report.');
    const { organizationId, sessionId } = claims;
    const limit = sessionId ? await limitOf(sessionId, organizationId, requestId) : {};
    recordOrganization(organizationId);
    return { kind: 'service', organizationId, scopes: [], requestId, ...limit };
  }

  type Route = { Params: { id: string; format: string }; Querystring: Query };

  app.get<Route>(
    '/reports/:id/download.:format',
    { preHandler: options.limit, compress: false },
    async (request, reply) => {
      const { params, query, id: requestId } = request;
      const { token } = query;
      if (token !== undefined) request.identity = await identityOf(String(token), params.id, requestId);
      return send(request, reply, { ...parametersOf(query), ...params });
    },
  );
  app.get<Route>(
    '/api/reports/:id/download.:format',
    {
      compress: false,
      preHandler: (request, reply) => admission.admit(request, reply, () => presentedRoute(request)),
    },
    (request, reply) => send(request, reply, { ...parametersOf(request.query), ...request.params }),
  );
}
