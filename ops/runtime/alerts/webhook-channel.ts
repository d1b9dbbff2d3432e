import type { AlertChannel } from '#runtime/alert.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import { describeNotice } from './describe-notice.js';

const MAX_PER_MINUTE = 10;
const TIMEOUT_MS = 10_000;

/**
 * Posts alerts as JSON: `{ text, category, key, message, count, firstAt, lastAt, status?, source:
 * { program, host, instance }, runbook, environment, requestId?, organizationId?, error?: { name, message }, details? }`. Chat
 * tools show `text`. Any status but 2xx is retried twice.
 */
export function webhookChannel(url: string, http: HttpClient, environment: string): AlertChannel {
  return {
    name: 'webhook',
    maxPerMinute: MAX_PER_MINUTE,
    send: async (notice) => {
      const { alert, count, firstAt, lastAt, status, source } = notice;
      const { title, error, details, times, source: sentence, runbook } = describeNotice(notice);
      const { category, key, requestId, organizationId } = alert;
      const text = `WebMetrics ${environment} · ${title}\n${times}. ${sentence} What to do: ${runbook}`;
      const body = {
        text,
        category,
        key,
        message: title,
        count,
        firstAt,
        lastAt,
        status,
        source,
        runbook,
        environment,
        requestId,
        organizationId,
        error,
        details,
      };
      const answer = await http.send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        timeoutMs: TIMEOUT_MS,
        hasSecretPath: true,
        // Twice is better than not at all.
        isIdempotent: true,
      });
      if (answer.status < 200 || answer.status > 299) throw new Error(`The alert webhook answered ${answer.status}`);
    },
  };
}
