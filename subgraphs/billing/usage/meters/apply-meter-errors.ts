import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { METER_EVENT } from '#billing/stripe/catalogue-ids.js';
import { type MeterIdentity, readMeterIdentifier } from './meter-identifier.js';

type ErrorReport = Stripe.Events.V1BillingMeterErrorReportTriggeredEvent;

/** The events by which Stripe says that it has rejected events of a meter after accepting them. */
export const meterErrorTypes: readonly string[] = [
  'v1.billing.meter.error_report_triggered' satisfies ErrorReport['type'],
  'v1.billing.meter.no_meter_found' satisfies Stripe.Events.V1BillingMeterNoMeterFoundEvent['type'],
];

/** So often rejected, an event is not sent again. */
const MAX_REJECTIONS = 3;

// An identifier is rejected once, however often that is reported, and whatever is known of its sending.
const REJECT = `
  UPDATE billing.meter_event AS e SET
    state = CASE WHEN e.rejections + 1 < ${MAX_REJECTIONS} THEN 'WAITING' ELSE 'REFUSED' END,
    rejections = e.rejections + 1, problem = named.problem, retry_at = $4::timestamptz + interval '1 hour',
    claimed_at = NULL, uncertain_since = NULL, sent_at = NULL, charged_at = NULL
  FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS named (report_id, rejections, problem)
  WHERE e.report_id = named.report_id AND e.rejections = named.rejections AND e.state <> 'REFUSED'
  RETURNING e.state`;

interface Named extends MeterIdentity {
  problem: string;
}

function namedIn({ error_types: types }: ErrorReport['data']['reason']): Named[] {
  const samples = types.flatMap(({ code, sample_errors }) => sample_errors.map((sample) => ({ code, ...sample })));
  return samples.flatMap(({ code, error_message, request }) => {
    const identity = readMeterIdentifier(request.identifier);
    return identity ? [{ ...identity, problem: `${code}: ${error_message}`.slice(0, 500) }] : [];
  });
}

/** Whether a report is about our meter, or names events of ours. */
async function isOurs({ database, services }: ErrorContext, { related_object }: ErrorReport, named: Named[]) {
  const ids = named.map(({ reportId }) => reportId);
  const known = await database.query('SELECT FROM billing.meter_event WHERE report_id = ANY ($1) LIMIT 1', [ids]);
  if (known.length > 0) return true;
  if (!related_object) return false;
  const meter = await nullIfMissing(askStripe(services, (stripe) => stripe.billing.meters.retrieve(related_object.id)));
  return meter?.event_name === METER_EVENT;
}

type ErrorContext = Pick<Context, 'database' | 'services'>;

/**
 * Has events of the meter that Stripe rejected after accepting them sent again in an hour, at most twice, and raises an alert that says what
 * becomes of them: Stripe names some of each kind only. Safe to repeat. Returns why there is nothing to do; null = it was done. Throws as
 * askStripe does.
 */
export async function applyMeterErrors(context: ErrorContext, { id }: { id: string }): Promise<string | null> {
  const { database, services } = context;
  const event = await nullIfMissing(askStripe(services, (stripe) => stripe.v2.core.events.retrieve(id)));
  if (!event) return 'Stripe no longer has it';
  const report = event as ErrorReport;
  const { reason } = report.data;
  const named = namedIn(reason);
  if (!(await isOurs(context, report, named))) return 'it is about no meter of ours';
  const [rows] = await database.query<[{ state: 'WAITING' | 'REFUSED' }[], number]>(REJECT, [
    named.map(({ reportId }) => reportId),
    named.map(({ rejections }) => rejections),
    named.map(({ problem }) => problem),
    services.now(),
  ]);
  const sentAgain = rows.filter(({ state }) => state === 'WAITING').length;
  services.alerts.raise({
    category: 'payment',
    key: 'meter-events-rejected',
    runbook: 'billing-differs',
    message:
      'Stripe has rejected events of its meter that it had accepted. Those it names are sent again in an hour, but not after the third time; ' +
      'those it does not name are on no invoice: compare its usage with ours.',
    details: {
      rejected: reason.error_count,
      sentAgain,
      givenUp: rows.length - sentAgain,
      notNamed: reason.error_count - named.length,
      codes: reason.error_types.map(({ code }) => code),
    },
  });
  return null;
}
