import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { InvalidInput, Unauthenticated } from '#runtime/errors.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import { mailEvent, RECORD_MAIL_EVENTS } from '#runtime/mail/mail-event.js';
import { isSameSecret } from '#runtime/same-secret.js';

export interface MailEventsOptions {
  /** Bearer token of the mail service; undefined = no route. */
  token: string | undefined;
  queue(): Promise<Jobs>;
}

const MAX_EVENTS = 1_000;

const report = z.object({ events: z.array(mailEvent).min(1).max(MAX_EVENTS) });

function parseReport(body: unknown): z.output<typeof report> {
  const parsed = report.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    parsed.error.issues.map(({ path, message }) => ({ argument: path.join('.') || 'events', problem: message })),
  );
}

/**
 * `POST /webhooks/mail-events` with `Authorization: Bearer <MAIL_BOUNCE_TOKEN>`: late bounces and complaints, as `{
 * events: [{ type: 'bounce' | 'complaint', recipient, messageId?, reason? }] }`, up to a thousand. Answers 202 once
 * they are queued.
 */
export function mailEventsRoute(app: FastifyInstance, { token, queue }: MailEventsOptions): void {
  if (!token) return;
  app.post('/webhooks/mail-events', {
    // Before the body is parsed.
    onRequest: async ({ headers }) => {
      const given = /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
      if (!isSameSecret(given, token)) throw new Unauthenticated('Send "Authorization: Bearer <MAIL_BOUNCE_TOKEN>".');
    },
    handler: async (request, reply) => {
      const { events } = parseReport(request.body);
      // A repeated report is the same job.
      const key = createHash('sha256').update(JSON.stringify(events)).digest('hex');
      const jobs = await queue();
      await jobs.enqueue(RECORD_MAIL_EVENTS, { key, events, requestId: request.id });
      return reply.code(202).header('cache-control', 'no-store').send({ accepted: events.length });
    },
  });
}
