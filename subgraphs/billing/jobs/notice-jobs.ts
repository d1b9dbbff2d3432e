import type { DataSource } from 'typeorm';
import { planNotices } from '#billing/notices/plan-notices.js';
import { SEND_NOTICES, sendNotices } from '#billing/notices/send-notices.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

// The reminders of `dueNotices` that are due by the clock, and what is still worth a mail a week later.
const CANDIDATES = `
  SELECT organization_id AS "organizationId" FROM billing.subscription
  WHERE trial_ends_at BETWEEN $1::timestamptz - interval '7 days' AND $1::timestamptz + interval '4 days'
    OR period_end BETWEEN $1::timestamptz AND $1::timestamptz + CASE status WHEN 'trialing' THEN interval '4 days' ELSE interval '31 days' END
      AND (status = 'trialing' OR status = 'active' AND interval = 'YEAR')
    OR status = 'past_due' AND past_due_since < $1::timestamptz - interval '30 days'
  UNION
  SELECT organization_id FROM billing.payment_method
  WHERE is_default AND expiry_month IS NOT NULL
    AND make_timestamptz(expiry_year, expiry_month, 1, 0, 0, 0, 'UTC') + interval '1 month'
      BETWEEN $1::timestamptz - interval '7 days' AND $1::timestamptz + interval '31 days'`;

async function planByClock(services: Services, database: DataSource): Promise<void> {
  if (!canSell(services)) return;
  const rows = await database.query<{ organizationId: string }[]>(CANDIDATES, [services.now()]);
  for (const { organizationId } of rows) {
    await database.transaction((manager) => planNotices(manager, { organizationId, now: services.now() }));
  }
}

/** The jobs that plan reminders, every hour, and send what is due, every minute. */
export function noticeJobs(services: Services, database: DataSource): JobDefinition[] {
  return [
    { name: 'billing.plan-notices', schedule: '1 hour', run: () => planByClock(services, database) },
    { name: SEND_NOTICES, schedule: '1 minute', run: () => sendNotices({ services, database }) },
  ];
}
