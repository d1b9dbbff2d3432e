import type { GraphQLDataSource } from '@apollo/gateway';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import type { GatewayContext } from '#gateway/context.js';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import { clientOf } from '#gateway/http/client-of.js';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { AppError } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import { ACCOUNT_PAGE_CSP, type AccountPage, accountPages, askingPage } from './account-page.js';
import { type ResultPage, resultPage } from './result-page.js';

// Anything else, such as a parameter given twice, is as good as no token.
const link = z.object({ token: z.string().min(1).max(200) });
const answer = link.extend({ password: z.string().default('') });

const WRONG_LINK: ResultPage = {
  title: 'This link does not work',
  text: 'It was used before, a newer one took its place, or it is too old. Ask for another one.',
};

function send(reply: FastifyReply, status: number, html: string) {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'content-security-policy': ACCOUNT_PAGE_CSP })
    .type('text/html; charset=utf-8')
    .send(html);
}

function sendFailure(page: AccountPage, token: string, error: AppError, request: FastifyRequest, reply: FastifyReply) {
  const [wrong] = error.details ?? [];
  const status = httpStatusOf(error.code);
  if (wrong?.argument === 'password') return send(reply, status, askingPage(page, token, `It ${wrong.problem}.`));
  if (wrong?.argument === 'token') return send(reply, status, resultPage(WRONG_LINK));
  const code = `${error.code} · ${request.id}`;
  return send(reply, status, resultPage({ title: 'That did not work', text: error.message, code }));
}

/**
 * The pages that links in mails lead to. `GET` only shows a button, because programs that look through mail open every
 * link in it; what the link is for happens on the `POST` the button sends. That needs no more proof of who sent it: the
 * token in it is one nobody else has.
 */
export function accountPagesRoute(
  app: FastifyInstance,
  auth: GraphQLDataSource<GatewayContext>,
  limit: preHandlerAsyncHookHandler,
): void {
  app.register(async (forms) => {
    forms.addHook('preHandler', limit);
    // Here only: elsewhere a form that somebody's page sends is refused as what it is.
    await forms.register(formbody);
    for (const page of accountPages) {
      forms.get(`/${page.name}`, async (request, reply) => {
        const given = link.safeParse(request.query);
        if (!given.success) return send(reply, 400, resultPage(WRONG_LINK));
        return send(reply, 200, askingPage(page, given.data.token));
      });
      forms.post(`/${page.name}`, async (request, reply) => {
        const given = answer.safeParse(request.body);
        if (!given.success) return send(reply, 400, resultPage(WRONG_LINK));
        const { token, password } = given.data;
        try {
          const variables = { token, ...(page.asksPassword && { password }) };
          const identity = { ...anonymous(request.id), client: clientOf(request) };
          await askSubgraph(auth, { query: page.mutation, variables }, identity);
          return send(reply, 200, resultPage(page.done));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return sendFailure(page, token, error, request, reply);
        }
      });
    }
  });
}
