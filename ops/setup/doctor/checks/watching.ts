import { ask, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { type Finding, ok, warning } from '#ops/setup/doctor/finding.js';
import { reasonOf } from '#runtime/log/reason-of.js';

function sentry({ config: { alerts } }: CheckContext): Finding[] {
  return alerts.sentryDsn ? [ok(`Errors are reported to Sentry at ${new URL(alerts.sentryDsn).host}`)] : [];
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
  return [warning('Alerts are only logged', advice)];
}

export const watching: Check = {
  name: 'Watching',
  run: async (context) => [...alerts(context), ...sentry(context), ...(await traces(context))],
};
