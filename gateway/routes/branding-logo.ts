import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import { isTagNamed } from '#gateway/http/entity-tag.js';
import { presentedRoute } from '#gateway/limits/presented.js';
import { varyBy } from '#gateway/rest/answer.js';
import { AppError, InvalidInput, Unauthenticated } from '#runtime/errors.js';

/** As large as a picture may be, and one byte to find out that it is larger. */
const BODY_BYTES = 2 * 1024 * 1024 + 1;

const LOGO = 'hash url width height';

const UPLOAD = /* GraphQL */ `
  mutation UploadLogo($clientId: ID, $picture: String!) {
    uploadLogo(clientId: $clientId, picture: $picture) { branding { version logo { ${LOGO} } } }
  }
`;

const READ = /* GraphQL */ `
  query ReadLogo($clientId: ID) {
    brandingLogo(clientId: $clientId) { hash png }
  }
`;

export interface BrandingLogoOptions {
  admission: Admission;
  reporting: SubgraphDataSource;
}

type LogoRequest = FastifyRequest<{ Params: { clientId?: string } }>;

function requireCaller({ identity }: FastifyRequest): void {
  if (identity.kind === 'anonymous') throw new Unauthenticated();
}

/**
 * `PUT` and `GET /api/branding/logo` and `/api/clients/:clientId/logo`: the logo of reports, as the bytes of a picture. The one way to upload
 * one, as pictures in base64 would exceed what an operation may be.
 */
export function brandingLogoRoutes(app: FastifyInstance, { admission, reporting }: BrandingLogoOptions): void {
  async function upload(request: LogoRequest, reply: FastifyReply) {
    requireCaller(request);
    const { body, params } = request;
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw new InvalidInput([{ argument: 'body', problem: 'must be a picture: PNG, JPEG or SVG' }]);
    }
    // As before a mutation: a right that has just ended does not count.
    const identity = (await admission.contextOf(request).readIdentity?.()) ?? request.identity;
    const operation = {
      query: UPLOAD,
      variables: { clientId: params.clientId ?? null, picture: body.toString('base64') },
    };
    const { uploadLogo } = await askSubgraph<{ uploadLogo: { branding: object } }>(reporting, operation, identity);
    return reply.header('cache-control', 'no-store').send({ data: uploadLogo.branding });
  }

  async function read(request: LogoRequest, reply: FastifyReply) {
    requireCaller(request);
    const operation = { query: READ, variables: { clientId: request.params.clientId ?? null } };
    type Answer = { brandingLogo: { hash: string; png: string } | null };
    const { brandingLogo: logo } = await askSubgraph<Answer>(reporting, operation, request.identity);
    if (!logo) throw new AppError('There is no logo here.', 'NOT_FOUND');
    const tag = `"${logo.hash}"`;
    void reply.header('etag', tag).header('cache-control', 'private, no-cache');
    if (isTagNamed(tag, request.headers['if-none-match'])) return reply.code(304).send();
    return reply.type('image/png').send(Buffer.from(logo.png, 'base64'));
  }

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The type is not believed: the picture itself shows what it is.
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    for (const url of ['/api/branding/logo', '/api/clients/:clientId/logo']) {
      const preHandler = async (request: FastifyRequest, reply: FastifyReply) => {
        varyBy(reply, ['authorization', 'x-api-key']);
        await admission.admit(request, reply, () => presentedRoute(request));
      };
      scope.put<{ Params: { clientId?: string } }>(url, { preHandler, bodyLimit: BODY_BYTES }, upload);
      scope.get<{ Params: { clientId?: string } }>(url, { preHandler }, read);
    }
  });
}
