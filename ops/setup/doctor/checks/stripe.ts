import { type Check, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import type { StripeConfig } from '#runtime/config/operations-config.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import { anySignal } from '#runtime/scope/any-signal.js';

const BASE = 'https://api.stripe.com';

/** Of the API v2, which knows no default. */
const API_VERSION = '2026-10-28.endive';

/** Events by which Stripe says what of the metered usage it has rejected: thin ones only. */
const METER_ERRORS = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'];

interface EventDestinations {
  data: { status: string; event_payload: string; enabled_events: string[]; webhook_endpoint?: { url?: string } }[];
}

interface WebhookEndpoints {
  data: { url: string; status: string }[];
}

export interface StripeLook {
  isProduction: boolean;
  /** Where events are to be sent; undefined = it is not known. */
  publicUrl: string | undefined;
  base?: string;
}

function findingOfEndpoints({ data }: WebhookEndpoints, publicUrl: string): Finding {
  const url = `${publicUrl}/webhooks/stripe`;
  const endpoint = data.find((one) => one.url === url);
  if (!endpoint) {
    return problem(
      `Stripe has no webhook endpoint ${url}: payments are noticed by the nightly reconciliation only`,
      'Create it in the dashboard of Stripe for all events, and put its signing secret into STRIPE_WEBHOOK_SECRETS.',
    );
  }
  if (endpoint.status === 'enabled') return ok(`Stripe sends its events to ${url}`);
  return problem(`Stripe has disabled the webhook endpoint ${url}`, 'Enable it in the dashboard of Stripe.');
}

/** Returns what is wrong with the key, or with Stripe, where it answers without \`what\`. */
function refusalIn(status: number, what: string): Finding | undefined {
  if (status === 200) return undefined;
  if (status === 401) return problem('Stripe refuses STRIPE_SECRET_KEY', 'Take one from dashboard.stripe.com/apikeys.');
  if (status !== 403) return warning(`Stripe answers with status ${status}`, 'Look at status.stripe.com.');
  const advice = `Give the restricted key the right to read ${what}, or look at them yourself.`;
  return warning(`STRIPE_SECRET_KEY may not read ${what}`, advice);
}

/** Judges the second destination, of thin events. */
function findingOfDestinations({ data }: EventDestinations, publicUrl: string): Finding {
  const url = `${publicUrl}/webhooks/stripe`;
  const here = data.filter((one) => one.event_payload === 'thin' && one.webhook_endpoint?.url === url);
  const receives = (type: string) =>
    here.some(
      ({ status, enabled_events: events }) => status === 'enabled' && (events.includes(type) || events.includes('*')),
    );
  const missing = METER_ERRORS.filter((type) => !receives(type));
  if (missing.length === 0) return ok(`Stripe sends its thin events to ${url}`);
  return problem(
    `Stripe has no enabled destination of thin events at ${url} for ${missing.join(' and ')}: usage beyond plans that it rejects goes unbilled`,
    'Create a second destination for that address in the dashboard of Stripe, with thin events, and add its secret to STRIPE_WEBHOOK_SECRETS.',
  );
}

/** Asks Stripe for its webhook endpoints and event destinations, which changes nothing, and says whether key and endpoint can be used. */
export async function lookAtStripe(
  { secretKey, isLive }: Pick<StripeConfig, 'secretKey' | 'isLive'>,
  signal: AbortSignal,
  { isProduction, publicUrl, base = BASE }: StripeLook,
): Promise<Finding[]> {
  const ends = anySignal(signal, AbortSignal.timeout(serviceTimeoutMs()));
  const headers = { authorization: `Bearer ${secretKey}`, 'stripe-version': API_VERSION };
  const mode =
    isProduction && !isLive
      ? [warning('STRIPE_SECRET_KEY is a test key: purchases cost nothing', 'Set a live key before customers buy.')]
      : [];
  const read = (path: string) => fetch(`${base}${path}`, { headers, signal: ends, redirect: 'manual' });
  try {
    const answer = await read('/v1/webhook_endpoints?limit=100');
    const refusal = refusalIn(answer.status, 'webhook endpoints');
    if (refusal) return [...mode, refusal];
    if (!publicUrl) return [...mode, ok('Stripe accepts STRIPE_SECRET_KEY')];
    const endpoint = findingOfEndpoints((await answer.json()) as WebhookEndpoints, publicUrl);
    const destinations = await read('/v2/core/event_destinations?limit=100&include[0]=webhook_endpoint.url');
    const unread = refusalIn(destinations.status, 'event destinations');
    const thin = unread ?? findingOfDestinations((await destinations.json()) as EventDestinations, publicUrl);
    return [...mode, endpoint, thin];
  } catch (error) {
    const advice = 'Let this machine reach it, directly or through a proxy.';
    return [...mode, warning(`Stripe: ${new URL(base).host} cannot be reached (${reasonOf(error)})`, advice)];
  }
}

export const stripe: Check = {
  name: 'Payments',
  run: async ({ config, isProduction, signal }) => {
    if (config.stripe) return lookAtStripe(config.stripe, signal, { isProduction, publicUrl: config.publicUrl });
    if (!isProduction) return [];
    return [ok('Nothing is sold: every organization has the largest plan')];
  },
};
