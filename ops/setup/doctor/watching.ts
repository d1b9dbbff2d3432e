import { ask, type Check, type CheckContext, reasonOf } from './check.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** https://develop.sentry.dev/sdk/overview/#parsing-the-dsn: a public key before the host, a project behind it. */
function sentry({ config: { alerts } }: CheckContext): Finding[] {
  if (!alerts.sentryDsn) return [];
  const { username, host, pathname } = new URL(alerts.sentryDsn);
  if (username && /\/\d+$/.test(pathname)) return [ok(`Errors are reported to Sentry at ${host}`)];
  return [
    problem('SENTRY_DSN is no DSN: it must look like https://key@host/1', "Copy it from the project's settings."),
  ];
}

async function traces({ config: { otlpEndpoint }, signal }: CheckContext): Promise<Finding[]> {
  if (!otlpEndpoint) return [];
  try {
    await ask(otlpEndpoint, signal);
    return [ok(`Traces go to ${otlpEndpoint}`)];
  } catch (error) {
    const advice = 'Start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT.';
    return [warning(`Traces cannot be sent to ${otlpEndpoint} (${reasonOf(error)})`, advice)];
  }
}

function alerts({ config, isProduction }: CheckContext): Finding[] {
  const { mailTo, webhookUrl, sentryDsn } = config.alerts;
  if (mailTo || webhookUrl) {
    return [ok(`Alerts go to ${[mailTo, webhookUrl && 'a webhook'].filter(Boolean).join(' and ')}`)];
  }
  if (sentryDsn || !isProduction) return [];
  const advice = 'Set ALERT_MAIL_TO, ALERT_WEBHOOK_URL or SENTRY_DSN.';
  return [warning('Alerts stand in the log only: nobody is told', advice)];
}

/** Who learns that something is wrong. */
export const watching: Check = {
  name: 'Watching',
  run: async (context) => [...alerts(context), ...sentry(context), ...(await traces(context))],
};
