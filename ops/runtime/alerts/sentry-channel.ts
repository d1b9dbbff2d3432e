import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Event, Exception } from '@sentry/core';
import type { AlertChannel, Notice } from '#runtime/alert.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { HttpClient, OutboundResponse } from '#runtime/http/http-client.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { describeNotice } from './describe-notice.js';
import { scrubText } from './scrub.js';

const MAX_PER_MINUTE = 10;
const TIMEOUT_MS = 10_000;
const MAX_CAUSES = 5;

const require = createRequire(import.meta.url);

/** Loads what is used of the SDK where there is a DSN only, for the start-up time and memory it takes. */
function loadSentry() {
  const core = require('@sentry/core') as typeof import('@sentry/core');
  const { nodeStackLineParser } = require('@sentry/core/server') as typeof import('@sentry/core/server');
  return { ...core, stackParser: core.createStackParser(nodeStackLineParser()) };
}

function readRelease(): { name: string; version: string } {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
}

/** An error and its causes in Sentry's order, innermost first. */
function exceptionsIn(error: unknown, { exceptionFromError, stackParser }: ReturnType<typeof loadSentry>): Exception[] {
  const exceptions: Exception[] = [];
  for (let cause = error; cause instanceof Error && exceptions.length < MAX_CAUSES; cause = cause.cause) {
    const exception = exceptionFromError(stackParser, cause);
    exceptions.unshift({ ...exception, value: scrubText(exception.value ?? '') });
  }
  return exceptions;
}

/** https://develop.sentry.dev/sdk/data-model/event-payloads/ */
function eventAbout(notice: Notice, sentry: ReturnType<typeof loadSentry>): Event {
  const { alert, count, firstAt, lastAt, status, source } = notice;
  const { title, details, runbook } = describeNotice(notice);
  const { category, key, requestId, organizationId, error } = alert;
  const values = exceptionsIn(error, sentry);
  return {
    event_id: sentry.uuid4(),
    timestamp: lastAt.getTime() / 1000,
    platform: 'node',
    level: status === 'resolved' ? 'info' : 'error',
    server_name: source.host,
    logger: 'webmetrics',
    message: title,
    fingerprint: [category, key],
    tags: { category, status, requestId, organization: organizationId, program: source.program },
    extra: { ...details, count, firstAt: firstAt.toISOString(), instance: source.instance, runbook },
    ...(values.length > 0 && { exception: { values } }),
  };
}

const headerIn = ({ headers }: OutboundResponse, name: string) => headers[name]?.toString() ?? null;

/**
 * Sends alerts as events to Sentry, grouped by category and key. Of Sentry's SDK only the envelope and the rate limiting are
 * used, so that no data beyond the event leave the process.
 */
export function sentryChannel(dsnText: string, http: HttpClient, environment: string): AlertChannel {
  const sentry = loadSentry();
  const { name, version } = readRelease();
  const client = `${name}/${version}`;
  const dsn = sentry.makeDsn(dsnText);
  if (!dsn) throw new ConfigurationError('SENTRY_DSN must look like https://<key>@<host>/<project number>.');
  // The key goes into a header, as proxies log URLs.
  const [url = ''] = sentry.getEnvelopeEndpointWithUrlEncodedAuth(dsn).split('?');
  const auth = `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${dsn.publicKey}`;
  const transport = sentry.createTransport({ recordDroppedEvent: () => {} }, async ({ body }) => {
    const response = await http.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': auth, 'user-agent': client },
      body: typeof body === 'string' ? body : Buffer.from(body).toString('utf8'),
      timeoutMs: TIMEOUT_MS,
      // Sentry deduplicates events by id.
      isIdempotent: true,
    });
    const limits = headerIn(response, 'x-sentry-rate-limits');
    return {
      statusCode: response.status,
      headers: { 'x-sentry-rate-limits': limits, 'retry-after': headerIn(response, 'retry-after') },
    };
  });
  return {
    name: 'Sentry',
    maxPerMinute: MAX_PER_MINUTE,
    send: async (notice) => {
      const event = { ...eventAbout(notice, sentry), release: `${name}@${version}`, environment };
      const { statusCode } = await transport.send(sentry.createEventEnvelope(event, dsn, { sdk: { name, version } }));
      if (statusCode === undefined) throw new Error('Sentry asked for a pause.');
      if (statusCode < 200 || statusCode > 299) throw new Error(`Sentry answered ${statusCode}`);
    },
  };
}
