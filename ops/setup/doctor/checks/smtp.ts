import { createTransport } from 'nodemailer';
import { beforeGoLive, type Check, type CheckContext, isLoopback, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { reasonOf } from '#runtime/log/reason-of.js';

/** Connects and signs in without sending mail. */
async function verify(url: string, requireTLS: boolean): Promise<void> {
  const times = {
    connectionTimeout: serviceTimeoutMs(),
    greetingTimeout: serviceTimeoutMs(),
    socketTimeout: serviceTimeoutMs(),
  };
  const transport = createTransport({ url, requireTLS, ...times });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** Messages of nodemailer about missing or invalid encryption. */
const NOT_ENCRYPTED = new Set(['ETLS', 'ESOCKET']);

async function look(url: string): Promise<Finding> {
  const { protocol, host } = new URL(url);
  if (protocol === 'smtps:' || isLoopback(url)) {
    await verify(url, false);
    return ok(`${host} lets us in${protocol === 'smtps:' ? ', encrypted' : ''}`);
  }
  try {
    await verify(url, true);
    return ok(`${host} lets us in, encrypted`);
  } catch (error) {
    if (!NOT_ENCRYPTED.has((error as { code?: string }).code ?? '')) throw error;
  }
  await verify(url, false);
  const advice = 'Use smtps:// in SMTP_URL, or let the server offer STARTTLS.';
  return warning(`${host} lets us in, but passwords and mail go there unencrypted`, advice);
}

function sender(context: CheckContext): Finding[] {
  const { config, environment } = context;
  if (environment.MAIL_FROM) return [ok(`Mail comes from ${config.mail.from}`)];
  const message = 'MAIL_FROM is not set: mail servers refuse mail from webmetrics@localhost';
  return [beforeGoLive(context, message, 'Set MAIL_FROM to an address this server may send from.')];
}

export const smtp: Check = {
  name: 'Mail',
  run: async (context) => {
    const { mail, alerts } = context.config;
    if (!mail.smtpUrl) {
      const message = 'Mail is written to files and not delivered';
      const waiting = alerts.mailTo ? ', alerts to ALERT_MAIL_TO included' : '';
      return [beforeGoLive(context, message + waiting, 'Set SMTP_URL and MAIL_FROM.')];
    }
    try {
      return [await look(mail.smtpUrl), ...sender(context)];
    } catch (error) {
      const isRefused = (error as { code?: string }).code === 'EAUTH';
      const advice = isRefused
        ? 'Correct the user or the password in SMTP_URL.'
        : 'Correct SMTP_URL, or ask why the server cannot be reached from here.';
      return [problem(`${new URL(mail.smtpUrl).host} cannot be used (${reasonOf(error)})`, advice), ...sender(context)];
    }
  },
};
