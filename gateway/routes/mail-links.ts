import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { signInLink } from '#gateway/pages/dashboard-links.js';
import { type Ask, type MailLink, mailLinks, type Question } from '#gateway/pages/mail-links.js';
import { failurePage, type Page, referenceOf, sendPage } from '#gateway/pages/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';

const MAX_BODY_BYTES = 10_000;

// A repeated parameter is an array and refused.
const link = z.object({ token: z.string().min(1).max(200) });
const submission = link.extend({ name: z.string().optional(), password: z.string().optional() });

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'token', problem: 'is missing: open the link in the mail again' }]);
}

/** Whether a mail program ends mails at a press of its own button (RFC 8058): the token is in the address then. */
const isOneClick = (body: unknown) =>
  (body as Record<string, unknown> | undefined)?.['List-Unsubscribe'] === 'One-Click';

const isAbout = (error: AppError, argument: string) => error.details?.some((problem) => problem.argument === argument);

function formOf({ name }: MailLink, { fields, button, ...page }: Question, token: string, problem?: string): Page {
  return { ...page, form: { action: name, token, fields, button, problem } };
}

/** Whether another submission can succeed. */
const canBeCorrected = (error: AppError) => !isAbout(error, 'token') && error.code !== 'INTERNAL_SERVER_ERROR';

function problemOf({ details, message }: AppError, fields: Question['fields']): string {
  if (!details) return message;
  return details
    .map(({ argument, problem }) => `${fields.length === 1 ? 'It' : `The ${argument}`} ${problem}.`)
    .join(' ');
}

function refusalOf({ refused }: MailLink, error: AppError, requestId: string): Page {
  if (!isAbout(error, 'token')) return failurePage('That did not work', error, requestId);
  return refused.text ? { title: refused.title, text: refused.text } : failurePage(refused.title, error, requestId);
}

async function sendResult(
  mailLink: MailLink,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return sendPage(reply, refusalOf(mailLink, error, request.id), error);
  }
}

/**
 * The pages of links in mails. `GET` has no effect, because mail scanners follow links; the form posts the token,
 * which also protects against request forgery.
 */
export function mailLinkRoutes(
  app: FastifyInstance,
  issuers: Record<MailLink['issuer'], SubgraphDataSource>,
  limit: preHandlerAsyncHookHandler,
): void {
  const askFor =
    ({ issuer }: MailLink, request: FastifyRequest): Ask =>
    (query, variables, session) => {
      const caller = { ...anonymous(request.id), client: clientOf(request) };
      return askSubgraph(
        issuers[issuer],
        { query, variables },
        session ? { ...caller, kind: 'user', ...session } : caller,
      );
    };

  void app.register(async (scope) => {
    scope.addHook('preHandler', limit);
    // Other routes refuse forms.
    await scope.register(formbody, { bodyLimit: MAX_BODY_BYTES });
    for (const mailLink of mailLinks) {
      const path = `/${mailLink.name}`;
      scope.get(path, (request, reply) =>
        sendResult(mailLink, request, reply, async () => {
          const { token } = parse(link, request.query);
          return sendPage(reply, formOf(mailLink, await mailLink.question(token, askFor(mailLink, request)), token));
        }),
      );
      scope.post(path, (request, reply) =>
        sendResult(mailLink, request, reply, async () => {
          const given = parse(submission, isOneClick(request.body) ? request.query : request.body);
          const ask = askFor(mailLink, request);
          try {
            const { leadsToSignIn, ...page } = await mailLink.submit(given, ask);
            return sendPage(reply, leadsToSignIn ? { ...page, ...signInLink(app) } : page);
          } catch (error) {
            if (!(error instanceof AppError) || !canBeCorrected(error)) throw error;
            // Throws when the token is not valid any more.
            const question = await mailLink.question(given.token, ask);
            const page = formOf(mailLink, question, given.token, problemOf(error, question.fields));
            return sendPage(
              reply,
              { ...page, reference: error.details ? undefined : referenceOf(error, request.id) },
              error,
            );
          }
        }),
      );
    }
  });
}
