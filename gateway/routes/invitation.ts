import type { GraphQLDataSource } from '@apollo/gateway';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import type { GatewayContext } from '#gateway/context.js';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import { clientOf } from '#gateway/http/client-of.js';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { type InvitationPreview, invitationPage } from './invitation-page.js';
import { RESULT_PAGE_CSP, resultPage } from './result-page.js';

const PREVIEW = /* GraphQL */ `
  query Invitation($token: String!) {
    invitation(token: $token) { organizationName email role hasAccount }
  }
`;
const ACCEPT = /* GraphQL */ `
  mutation AcceptInvitation($token: String!, $name: String, $password: String) {
    acceptInvitation(token: $token, name: $name, password: $password) { organizationName email }
  }
`;

// A field given twice arrives as a list, and is as wrong as none.
const link = z.object({ token: z.string() });
const form = link.extend({ name: z.string().optional(), password: z.string().optional() });

function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'token', problem: 'is missing: open the link in the mail again' }]);
}

const nobody = (request: FastifyRequest): Identity => ({ ...anonymous(request.id), client: clientOf(request) });

/** Answers with what `work` shows, or with a page that says what went wrong. */
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<string>,
): Promise<FastifyReply> {
  void reply.headers({ 'cache-control': 'no-store', 'content-security-policy': RESULT_PAGE_CSP });
  void reply.type('text/html; charset=utf-8');
  try {
    return reply.send(await work());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const code = `${error.code} · ${request.id}`;
    const page = resultPage({ title: 'This invitation cannot be accepted', text: error.message, code });
    return reply.code(httpStatusOf(error.code)).send(page);
  }
}

/**
 * `GET /accept-invitation`: the page behind the link of an invitation; it changes nothing. `POST`: what its button does.
 * Who presses it carries no credentials: the token says what for, and a password who they are.
 */
export function invitationRoute(
  app: FastifyInstance,
  auth: GraphQLDataSource<GatewayContext>,
  limit: preHandlerAsyncHookHandler,
): void {
  const preview = async (request: FastifyRequest, token: string) => {
    const operation = { query: PREVIEW, variables: { token } };
    return (await askSubgraph<{ invitation: InvitationPreview }>(auth, operation, nobody(request))).invitation;
  };

  void app.register(async (scope) => {
    await scope.register(formbody, { bodyLimit: 10_000 });
    scope.addHook('preHandler', limit);

    scope.get('/accept-invitation', (request, reply) =>
      answer(request, reply, async () => {
        const { token } = read(link, request.query);
        return invitationPage(await preview(request, token), token);
      }),
    );

    scope.post('/accept-invitation', (request, reply) =>
      answer(request, reply, async () => {
        const given = read(form, request.body);
        const operation = { query: ACCEPT, variables: given };
        try {
          const { acceptInvitation } = await askSubgraph<{
            acceptInvitation: { organizationName: string; email: string };
          }>(auth, operation, nobody(request));
          const { organizationName, email } = acceptInvitation;
          return resultPage({
            title: `You belong to ${organizationName}`,
            text: `Log in to WebMetrics as ${email}. You can close this page.`,
          });
        } catch (error) {
          if (!(error instanceof AppError) || error.code === 'INTERNAL_SERVER_ERROR') throw error;
          // Fails like the attempt itself when the link no longer holds.
          const page = invitationPage(await preview(request, given.token), given.token, error.message);
          void reply.code(httpStatusOf(error.code));
          return page;
        }
      }),
    );
  });
}
