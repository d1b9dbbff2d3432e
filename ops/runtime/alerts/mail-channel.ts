import type { AlertChannel, Notice } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import { type MailTransport, openMailTransport } from '#runtime/mail/mail-transport.js';
import { renderMail } from '#runtime/mail/render-mail.js';
import { describeNotice } from './describe-notice.js';

const MAX_PER_MINUTE = 10;
const MAX_SUBJECT_LENGTH = 150;

function mailAbout(notice: Notice) {
  const { alert } = notice;
  const { title, error, details, times, source, runbook } = describeNotice(notice);
  const lines = [
    error && `${error.name}: ${error.message}`,
    alert.requestId && `Request: ${alert.requestId}`,
    alert.organizationId && `Organization: ${alert.organizationId}`,
    details && JSON.stringify(details, null, 2),
    `${source} What to do: ${runbook}`,
    `${times} · ${alert.category} · ${alert.key}`,
  ];
  const subject = `[WebMetrics] ${title}`.slice(0, MAX_SUBJECT_LENGTH);
  return renderMail({ subject, paragraphs: [title, ...lines.flatMap((line) => line || [])] });
}

/** Sends alerts by mail, without the outbox: its database may be what failed. */
export function mailChannel({ mail, dataDir }: Config, to: string): AlertChannel {
  let transport: MailTransport | undefined;
  return {
    name: 'mail',
    maxPerMinute: MAX_PER_MINUTE,
    send: async (notice) => {
      transport ??= openMailTransport(mail, dataDir);
      await transport.send({ ...mailAbout(notice), from: mail.from, to, date: notice.lastAt });
    },
    close: () => transport?.close(),
  };
}
