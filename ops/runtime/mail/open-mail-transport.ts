import type { MailConfig } from '#runtime/config/operations-config.js';
import type { MailTransport } from './mail-transport.js';
import { openPreviewTransport } from './preview-transport.js';
import { openSmtpTransport } from './smtp-transport.js';

/** Returns the way mail leaves this installation: over SMTP where there is a server, else into `<dataDir>/mail`. */
export function openMailTransport({ smtpUrl }: MailConfig, dataDir: string): MailTransport {
  return smtpUrl ? openSmtpTransport(smtpUrl) : openPreviewTransport(dataDir);
}
