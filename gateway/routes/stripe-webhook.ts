import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { AppError, ServiceUnavailable } from '#runtime/errors.js';
import type { BaseServices } from '#runtime/services.js';

const PATH = '/webhooks/stripe';

/** Stripe's own events stay far below; an object has at most 25 kB of metadata, an event several objects. */
const MAX_BODY_BYTES = 1024 * 1024;
/** What they hold in memory together is bounded: what comes beside them is asked to come again. */
const MAX_AT_ONCE = 64;

const RECEIVE = /* GraphQL */ `
  mutation ReceiveStripeEvent($body: String!, $signature: String!) {
    receiveStripeEvent(body: $body, signature: $signature)
  }
`;

const REGISTER = /* GraphQL */ `
  mutation RegisterStripeEndpoint($url: String!) {
    registerStripeEndpoint(url: $url)
  }
`;

/** Of a header that billing would look at: a time and a signature of the scheme v1 among its parts. */
const SIGNATURE = /^(?=(?:.*,)?t=\d)(?=(?:.*,)?v1=[0-9a-f]{64}(?:,|$))[\x21-\x7e]{1,4096}$/;

function refuse(problem: string): AppError {
  return new AppError(`The signature of this event is not accepted: ${problem}.`, 'SIGNATURE_INVALID');
}

/** Returns the text whose bytes were signed: nothing is replaced, and no mark at its beginning left out. */
function textOf(body: unknown): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body as Buffer);
  } catch {
    throw refuse('the body is not in UTF-8');
  }
}

/**
 * `POST /webhooks/stripe`: an event of Stripe's, whose signature billing verifies on the very bytes. Answers 200 once it is
 * stored, whatever it is about; 400 `SIGNATURE_INVALID`; 503 while billing is away, so that Stripe sends it again. It needs no
 * session and counts against no one's limit.
 */
export function stripeWebhookRoute(app: FastifyInstance, billing: SubgraphDataSource): void {
  let running = 0;
  void app.register(async (scope) => {
    // Parsed JSON could not be verified.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(PATH, {
      bodyLimit: MAX_BODY_BYTES,
      onRequest: async ({ headers }, reply) => {
        if (running >= MAX_AT_ONCE) throw new ServiceUnavailable();
        running += 1;
        finished(reply.raw, () => {
          running -= 1;
        });
        const signature = headers['stripe-signature'];
        if (typeof signature !== 'string') throw refuse('there is none');
        if (!SIGNATURE.test(signature)) throw refuse('it is none of the scheme v1');
      },
      handler: async (request, reply) => {
        const signature = request.headers['stripe-signature'];
        const variables = { body: textOf(request.body), signature };
        const identity = { kind: 'service' as const, scopes: [], requestId: request.id };
        await askSubgraph(billing, { query: RECEIVE, variables }, identity);
        return reply.header('cache-control', 'no-store').send({ received: true });
      },
    });
  });
}

/**
 * Has the simulated Stripe send its events to this gateway, which must listen. Never rejects: billing looks every minute, too, by the address
 * that it knows.
 */
export async function registerStripeWebhook(
  { config, lifecycle, logger, publicUrl }: Pick<BaseServices, 'config' | 'lifecycle' | 'logger' | 'publicUrl'>,
  billing: SubgraphDataSource,
): Promise<void> {
  if (config.isProduction) return;
  const identity = { kind: 'service' as const, scopes: [], requestId: randomUUID() };
  try {
    await askSubgraph(billing, { query: REGISTER, variables: { url: `${publicUrl()}${PATH}` } }, identity);
  } catch (error) {
    if (!lifecycle.isStopping) logger.warn({ err: error }, 'Events of the simulated Stripe are not sent here yet');
  }
}
