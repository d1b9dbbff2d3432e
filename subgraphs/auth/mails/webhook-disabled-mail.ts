import type { MailContent } from '#runtime/mail/render-mail.js';

const CAUSES = {
  FAILING: 'nothing could be delivered to it for 5 days',
  GONE: 'it answered with status 410, which asks for an end',
};

/** Returns the content of the mail about an endpoint that was disabled. Of its URL it shows the host only. */
export function webhookDisabledMail({ url, reason }: { url: string; reason: keyof typeof CAUSES }): MailContent {
  const { host } = new URL(url);
  return {
    subject: `The webhook endpoint at ${host} was disabled`,
    paragraphs: [
      `WebMetrics sends no more events to the webhook endpoint at ${host}: ${CAUSES[reason]}.`,
      'Its log shows what was answered (Organization.webhookEndpoints, deliveries). When it is repaired, enable it again (enableWebhookEndpoint), and replay what it missed (replayFailedWebhooks): that is kept for 30 days. Delete it if it is not needed any more.',
    ],
  };
}
