import { type Check, SERVICE_TIMEOUT_MS } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import type { StripeConfig } from '#runtime/config/operations-config.js';
import { reasonOf } from '#runtime/log/reason-of.js';

const BASE = 'https://api.stripe.com';

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

/** Asks Stripe for its webhook endpoints, which changes nothing, and says whether key and endpoint can be used. */
export async function lookAtStripe(
  { secretKey, isLive }: Pick<StripeConfig, 'secretKey' | 'isLive'>,
  signal: AbortSignal,
  { isProduction, publicUrl, base = BASE }: StripeLook,
): Promise<Finding[]> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(SERVICE_TIMEOUT_MS)]);
  const headers = { authorization: `Bearer ${secretKey}` };
  const mode =
    isProduction && !isLive
      ? [warning('STRIPE_SECRET_KEY is a test key: purchases cost nothing', 'Set a live key before customers buy.')]
      : [];
  try {
    const answer = await fetch(`${base}/v1/webhook_endpoints?limit=100`, { headers, signal: ends, redirect: 'manual' });
    if (answer.status === 401) {
      return [...mode, problem('Stripe refuses STRIPE_SECRET_KEY', 'Take one from dashboard.stripe.com/apikeys.')];
    }
    if (answer.status === 403) {
      const advice = 'Give the restricted key the right to read webhook endpoints, or look at them yourself.';
      return [...mode, warning('STRIPE_SECRET_KEY may not read webhook endpoints', advice)];
    }
    if (answer.status !== 200) {
      return [...mode, warning(`Stripe answers with status ${answer.status}`, 'Look at status.stripe.com.')];
    }
    const endpoints = (await answer.json()) as WebhookEndpoints;
    return [...mode, publicUrl ? findingOfEndpoints(endpoints, publicUrl) : ok('Stripe accepts STRIPE_SECRET_KEY')];
  } catch (error) {
    const advice = 'Let this machine reach it, directly or through a proxy.';
    return [...mode, warning(`${new URL(base).host} cannot be reached (${reasonOf(error)})`, advice)];
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
