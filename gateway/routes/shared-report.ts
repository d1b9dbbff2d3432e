import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { wantsPage } from '#gateway/http/wants-page.js';
import { SHARED_HEADERS, type SharedPage, sendSharedPage } from '#gateway/pages/shared-page.js';
import { AppError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import { recordOrganization } from '#runtime/scope/request-context.js';
import type { BaseServices } from '#runtime/services.js';

const MAX_BODY_BYTES = 10_000;
/** Of one address: pages, logos and files of all share links. */
const REQUESTS = { name: 'shared-reports', points: 300, windowSeconds: 15 * 60 };
const COOKIE = 'shared-report';
const COOKIE_SECONDS = 60 * 60;

const PAGE = 'state language direction title style body';

const VIEW = /* GraphQL */ `
  mutation ViewSharedReport($token: String!, $access: String, $isCounted: Boolean!, $acceptLanguage: String) {
    viewSharedReport(token: $token, access: $access, isCounted: $isCounted, acceptLanguage: $acceptLanguage) { ${PAGE} }
  }
`;

const UNLOCK = /* GraphQL */ `
  mutation UnlockSharedReport($token: String!, $password: String!, $acceptLanguage: String) {
    unlockSharedReport(token: $token, password: $password, acceptLanguage: $acceptLanguage) {
      access retryAfter page { ${PAGE} }
    }
  }
`;

const OPEN = /* GraphQL */ `
  query SharedReport($token: String!, $access: String) {
    sharedReport(token: $token, access: $access) { shareId reportId organizationId formats }
  }
`;

const LOGO = /* GraphQL */ `
  query SharedReportLogo($token: String!, $access: String) { sharedReport(token: $token, access: $access) { logo } }
`;

interface Unlocked {
  access: string | null;
  retryAfter: number | null;
  page: SharedPage | null;
}

// A repeated field is an array and refused.
const submission = z.object({ password: z.string().min(1).max(1_000) });

interface SharedReport {
  shareId: string;
  reportId: string;
  organizationId: string;
  formats: string[];
}

type SharedRequest = FastifyRequest<{ Params: { token: string } }>;

/** Sends a file of a report to `request.identity`. */
type SendFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: { id: string; format: string },
) => Promise<FastifyReply>;

export interface SharedReportOptions extends Pick<BaseServices, 'publicUrl' | 'requestLimits'> {
  reporting: SubgraphDataSource;
  sendFile: SendFile;
}

const noSuchLink = () => new AppError('This link is not valid.', 'NOT_FOUND');

const statusOf = ({ state }: SharedPage) => (state === 'CLOSED' ? 404 : 200);

/** The gateway asks as a service without organization: the token in the request decides which report that is. */
const serviceFor = (request: FastifyRequest): Identity => ({
  kind: 'service',
  scopes: [],
  requestId: request.id,
  client: clientOf(request),
});

function accessOf({ headers: { cookie = '' } }: FastifyRequest): string | null {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.-]{1,2000})`).exec(cookie)?.[1] ?? null;
}

/** Whether a browser fetches ahead of its user, who may never look. */
const isAhead = ({ headers }: FastifyRequest) =>
  /prefetch|preview/.test(String(headers['sec-purpose'] ?? headers.purpose ?? ''));

/** Throws Forbidden for a form of another site: it would use up the attempts of the visitor. */
function requireOwnForm({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new Forbidden('Open the link, and enter the password there.');
}

/**
 * `/shared/:token`: a report, for everyone who has its share link. What a link opens is decided by the reporting subgraph, which alone
 * knows the tokens; here are the form of its password, the cookie that says it was entered, and the limit of requests.
 */
export function sharedReportRoutes(app: FastifyInstance, options: SharedReportOptions): void {
  const { reporting, publicUrl, requestLimits, sendFile } = options;
  const limit = requestLimits.open(REQUESTS);

  const cookieOf = (token: string, access: string) => {
    const secure = publicUrl().startsWith('https:') ? '; Secure' : '';
    return `${COOKIE}=${access}; Path=/shared/${token}; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict${secure}`;
  };
  const acceptLanguageOf = ({ headers }: FastifyRequest) => headers['accept-language']?.slice(0, 500) ?? null;

  async function view(request: SharedRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { token } = request.params;
    const isCounted = request.method === 'GET' && !isAhead(request);
    const variables = { token, access: accessOf(request), isCounted, acceptLanguage: acceptLanguageOf(request) };
    const { viewSharedReport: page } = await askSubgraph<{ viewSharedReport: SharedPage }>(
      reporting,
      { query: VIEW, variables },
      serviceFor(request),
    );
    if (page.state === 'CLOSED' && !wantsPage(request)) throw noSuchLink();
    return sendSharedPage(reply, statusOf(page), page);
  }

  async function unlock(request: SharedRequest, reply: FastifyReply): Promise<FastifyReply> {
    requireOwnForm(request);
    const { token } = request.params;
    const given = submission.safeParse(request.body);
    if (!given.success) throw new InvalidInput([{ argument: 'password', problem: 'is missing, or given twice' }]);
    const variables = { token, ...given.data, acceptLanguage: acceptLanguageOf(request) };
    const { unlockSharedReport: unlocked } = await askSubgraph<{ unlockSharedReport: Unlocked }>(
      reporting,
      { query: UNLOCK, variables },
      serviceFor(request),
    );
    const { access, retryAfter, page } = unlocked;
    if (access) {
      return reply
        .code(303)
        .headers({ ...SHARED_HEADERS, location: `/shared/${token}`, 'set-cookie': cookieOf(token, access) })
        .send();
    }
    if (!wantsPage(request) || !page) {
      if (retryAfter) throw new RateLimited('Too many attempts at this password: wait.', retryAfter);
      throw page?.state === 'LOCKED' ? new Forbidden('This is not the password.') : noSuchLink();
    }
    if (retryAfter) void reply.header('retry-after', retryAfter);
    return sendSharedPage(reply, page.state === 'CLOSED' ? 404 : retryAfter ? 429 : 403, page);
  }

  async function logo(request: SharedRequest, reply: FastifyReply): Promise<FastifyReply> {
    const variables = { token: request.params.token, access: accessOf(request) };
    const { sharedReport } = await askSubgraph<{ sharedReport: { logo: string | null } | null }>(
      reporting,
      { query: LOGO, variables },
      serviceFor(request),
    );
    if (!sharedReport?.logo) throw noSuchLink();
    return reply.headers(SHARED_HEADERS).type('image/png').send(Buffer.from(sharedReport.logo, 'base64'));
  }

  async function file(
    request: FastifyRequest<{ Params: { token: string; format: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { token, format } = request.params;
    const { sharedReport } = await askSubgraph<{ sharedReport: SharedReport | null }>(
      reporting,
      { query: OPEN, variables: { token, access: accessOf(request) } },
      serviceFor(request),
    );
    if (!sharedReport) throw noSuchLink();
    const { shareId, reportId, organizationId, formats } = sharedReport;
    const offered = formats.map((each) => `.${each.toLowerCase()}`);
    if (!offered.includes(`.${format}`)) {
      const what = offered.length > 0 ? `the formats ${offered.join(', ')}` : 'no files';
      throw new AppError(`This link offers ${what}.`, 'NOT_FOUND');
    }
    const share = { shareId, reportId };
    request.identity = { kind: 'share', organizationId, share, scopes: [], requestId: request.id };
    recordOrganization(organizationId);
    return sendFile(request, reply, { id: reportId, format });
  }

  void app.register(async (scope) => {
    scope.addHook('preHandler', async ({ ip }, reply) => {
      void reply.headers(SHARED_HEADERS);
      const { isAllowed, resetSeconds } = await limit.count(addressKey(ip));
      if (!isAllowed) throw new RateLimited('These are too many requests: wait.', resetSeconds);
    });
    // Other routes refuse forms.
    await scope.register(formbody, { bodyLimit: MAX_BODY_BYTES });
    scope.get('/shared/:token', view);
    scope.post('/shared/:token', unlock);
    scope.get('/shared/:token/logo.png', logo);
    scope.get('/shared/:token/report.:format', { compress: false }, file);
  });
}
