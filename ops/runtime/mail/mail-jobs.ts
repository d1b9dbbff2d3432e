import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { deliverMail } from './deliver-mail.js';
import { DELIVER_MAIL, deliverSoon } from './deliver-soon.js';
import { type MailEvent, RECORD_MAIL_EVENTS, recordMailEvents } from './mail-event.js';
import { openMailTransport } from './mail-transport.js';
import { trimMail } from './outbox.js';

/** Shorter than a stopping process waits for its jobs. */
const BUDGET_MS = 8_000;

/** Returns the jobs that deliver and trim mail. The lifecycle of the services closes their connections. */
export function mailJobs(services: Services): JobDefinition<never>[] {
  const { operations, config, lifecycle } = services;
  const transport = openMailTransport(config.mail, config.dataDir);
  lifecycle.onClose('Mail transport', () => transport.close());
  const deliver: JobDefinition = {
    name: DELIVER_MAIL,
    // For retries, and mail whose job could not be enqueued.
    schedule: '10 seconds',
    concurrency: 1,
    run: async () => {
      const isDone = await deliverMail({ ...services, transport }, BUDGET_MS);
      if (!isDone) await deliverSoon(services);
    },
  };
  const recordEvents: JobDefinition<{ events: MailEvent[] }> = {
    name: RECORD_MAIL_EVENTS,
    run: ({ events }) => recordMailEvents(operations, events),
  };
  const trim: JobDefinition = { name: 'mail.trim', schedule: '25 4 * * *', run: () => trimMail(operations) };
  return [deliver, recordEvents, trim];
}
