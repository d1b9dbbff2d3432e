import type { Config } from '#runtime/config/config.js';
import type { DemoResult } from './demo.js';
import type { DemoSubscription } from './fill-demo.js';

export interface WelcomeOptions {
  url: string;
  simulatorUrl: string | undefined;
  demo: DemoResult | undefined;
  /** Of the demo. */
  subscription?: DemoSubscription;
  config: Config;
  operatorToken: string | undefined;
  /** Default: the present. */
  now?: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

function describeSubscription({ status, trialEndsAt, plan }: DemoSubscription, now: Date): string {
  const days = Math.ceil((Date.parse(trialEndsAt) - now.getTime()) / DAY_MS);
  if (status === 'TRIALING' && days > 0) return `Trial of ${plan.name}, ${days} ${days === 1 ? 'day' : 'days'} left`;
  if (status === 'TRIAL_ENDED')
    return 'Trial ended: it can be read only, until startCheckout or changePlan(planId: "free")';
  return `${plan.name} (${status})`;
}

/** Returns the text shown once everything runs: addresses, log-in, and a request to copy. */
export function welcome(options: WelcomeOptions): string {
  const { url, simulatorUrl, demo, subscription, config, operatorToken, now = new Date() } = options;
  const lines = [
    '',
    `WebMetrics is ready (${config.environment}).`,
    '',
    ...(config.hasDashboard ? [`  Dashboard   ${url}/`] : []),
    `  GraphQL     ${url}/graphql${config.hasExplorer ? '   (open it in a browser for the explorer)' : ''}`,
    `  Health      ${url}/health   ${url}/ready`,
    ...(simulatorUrl ? [`  Providers   simulated at ${simulatorUrl}`] : []),
    `  Data        ${config.databaseUrl ? 'your PostgreSQL' : config.dataDir}`,
    // A configured token is known already.
    ...(operatorToken && !config.operator.token ? [`  Operator    ${operatorToken}`] : []),
  ];
  if (demo) {
    const query = 'mutation { logIn(email: \\"%s\\", password: \\"%s\\") { accessToken } }'
      .replace('%s', demo.email)
      .replace('%s', demo.password);
    lines.push(
      `  Demo login  ${demo.email} / ${demo.password}`,
      ...(subscription ? [`  Demo plan   ${describeSubscription(subscription, now)}`] : []),
      '',
      'Sign in:',
      '',
      `  curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"${query}"}'`,
      ...(demo.incomplete ? ['', `The demo: ${demo.incomplete}, continues at the next start.`] : []),
    );
  }
  return `${[...lines, '', 'Press Ctrl-C to stop.', ''].join('\n')}\n`;
}
