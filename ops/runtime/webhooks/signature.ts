import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Returns a new secret in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** What is signed: the id of the event, the time of the attempt, and the body as it is sent. */
export interface SignedMessage {
  id: string;
  sentAt: Date;
  body: string;
}

/**
 * Returns the headers of Standard Webhooks (https://www.standardwebhooks.com): id, time in seconds, and a signature by
 * HMAC-SHA256 for each secret.
 */
export function webhookHeaders(secrets: string[], { id, sentAt, body }: SignedMessage): Record<string, string> {
  const timestamp = Math.floor(sentAt.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
