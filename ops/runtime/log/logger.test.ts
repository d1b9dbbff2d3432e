import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { recordOrganization, withRequestContext } from '#runtime/scope/request-context.js';
import { createLogger, type LoggerOptions } from './logger.js';
import { secretNames, secretParameters } from './secret-fields.js';

/** Returns a logger and what it wrote: `text` all of it, `take` what it wrote since the last time. */
function listen(options: Partial<LoggerOptions> = {}) {
  let text = '';
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  const logger = createLogger({ level: 'info', isPretty: false, destination, ...options });
  const take = () => {
    const taken = text;
    text = '';
    return taken;
  };
  return { logger, take, text: () => text, line: () => JSON.parse(text) as Record<string, any> };
}

const SECRET = 'zQ7-hush.4Xy_9w~secret-value';

const words = (name: string) =>
  name
    .replace(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function spellings(name: string): string[] {
  const [first = '', ...rest] = words(name);
  return [
    first + rest.map(capital).join(''),
    capital(first) + rest.map(capital).join(''),
    [first, ...rest].join('_'),
    [first, ...rest].join('_').toUpperCase(),
    [first, ...rest].join('-'),
    [first, ...rest].map(capital).join('-'),
  ];
}

// Maintained by hand: a new setting fails the test until it is classified.
const harmlessSettings = new Set(
  `NODE_ENV HOST PORT GATEWAY_PROCESSES HEALTH_PORT LOG_LEVEL DATA_DIR PUBLIC_URL DASHBOARD_URL GATEWAY_URL ALLOWED_ORIGINS SUBGRAPH_AUTH_URL
  SUBGRAPH_INTEGRATIONS_URL SUBGRAPH_REPORTING_URL SUBGRAPH_BILLING_URL DATABASE_POOL_SIZE MAIL_FROM
  OPERATOR_ORGANIZATION ALERT_MAIL_TO OTEL_EXPORTER_OTLP_ENDPOINT OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG STOP_DELAY_MS BACKUP_EVERY_HOURS BACKUP_KEEP
  AUDIT_KEEP_EVENTS AUDIT_KEEP_MONTHS REPORT_KEEP_MONTHS
  BACKUP_DIR BACKUP_S3_BUCKET BACKUP_S3_PREFIX BACKUP_S3_REGION BACKUP_S3_ENDPOINT GOOGLE_CLIENT_ID
  GOOGLE_ADS_CLIENT_ID GOOGLE_ADS_VERSION GOOGLE_OAUTH_AUTH_BASE GOOGLE_OAUTH_TOKEN_BASE GOOGLE_ADS_BASE GOOGLE_ADS_OPERATIONS_PER_DAY PROVIDER_QUOTA_RESERVE PROVIDER_BREAKER_FAILURES
  META_CLIENT_ID META_VERSION META_GRAPH_BASE META_DIALOG_BASE PROVIDER_TIMEOUT_MS DEMO_DATA SIMULATOR_PORT
  GA4_CLIENT_ID GA4_DATA_BASE GA4_ADMIN_BASE GSC_CLIENT_ID GSC_BASE GBP_CLIENT_ID GBP_ACCOUNT_BASE GBP_INFO_BASE
  GBP_PERF_BASE LINKEDIN_CLIENT_ID LINKEDIN_VERSION LINKEDIN_API_BASE LINKEDIN_OAUTH_BASE X_CLIENT_ID X_API_BASE
  X_AUTH_BASE ECB_API_BASE SIMULATOR_URL REQUIRE_SERVICES RATE_LIMIT_ANONYMOUS RATE_LIMIT_SIGNED_IN TRUSTED_PROXIES
  COST_LIMIT RATE_LIMIT_SIGN_IN GRAPHQL_INTROSPECTION EXPLORER SIGN_UP_CONFIRMATION MCP DASHBOARD
  TRUSTED_DOCUMENTS TRUSTED_DOCUMENTS_MODE
  HISTORY_DAYS HISTORY_MONTHS
  GEMINI_MODEL
  API_KEY_MAX_DAYS WEBHOOK_ALLOWED_NETWORKS`.split(/\s+/),
);
const settings = readFileSync(join(projectRoot, '.env.example'), 'utf8').match(/^# [A-Z][A-Z0-9_]+(?==)/gm) ?? [];
const secretSettings = settings.map((line) => line.slice(2)).filter((name) => !harmlessSettings.has(name));

// As providers, browsers and our own code spell them.
const tokenFields = [
  'accessToken',
  'refreshToken',
  'idToken',
  'clientSecret',
  'appSecret',
  'sessionToken',
  'csrfToken',
];
const headers = ['set-cookie', 'proxy-authorization', 'x-api-key', 'developer-token', 'x-hub-signature'];
const fields = [
  ...new Set([...secretNames, ...secretSettings, ...tokenFields, ...headers, 'code', 'state'].flatMap(spellings)),
];

const hold = (field: string) => ({ [field]: SECRET });
const deep = (field: string) =>
  [1, 2, 3, 4, 5].reduce<object>((inner, level) => ({ [`at${level}`]: [inner] }), hold(field));

function failureWith(field: string): Error {
  const cause = Object.assign(new Error('the cause'), hold(field), { response: { headers: hold(field) } });
  const many = new AggregateError([Object.assign(new Error('one of many'), hold(field))], 'many', { cause });
  return Object.assign(new Error('the failure', { cause: many }), hold(field));
}

type Feed = (logger: any, field: string) => void;
const feeds: Record<string, Feed> = {
  'a field': (logger, field) => logger.info(hold(field), 'field'),
  'something nested': (logger, field) => logger.warn({ some: { thing: deep(field) } }, 'nested'),
  'a list': (logger, field) => logger.info({ list: [[hold(field)], hold(field)] }, 'list'),
  'a map and headers': (logger, field) =>
    logger.info({ map: new Map([[field, SECRET]]), parameters: new URLSearchParams(hold(field)) }, 'map'),
  'an object in its place': (logger, field) => logger.info({ [field]: { value: SECRET, list: [SECRET] } }, 'object'),
  'bytes in its place': (logger, field) => logger.info({ [field]: Buffer.from(SECRET) }, 'bytes'),
  'an error': (logger, field) => logger.error(failureWith(field), 'error'),
  'an error in a field': (logger, field) =>
    logger.error({ err: failureWith(field), error: failureWith(field) }, 'errors'),
  'an audit line': (logger, field) => logger.audit({ by: 'operator', change: deep(field) }, 'audit'),
  'a child': (logger, field) => logger.child({ ...hold(field), more: deep(field) }).info('child'),
  'a child of a child': (logger, field) => logger.child({ part: 'x' }).child(hold(field)).info(hold(field), 'child'),
};

const loggers: Record<string, Partial<LoggerOptions>> = {
  JSON: {},
  'JSON with a name': { name: 'worker' },
  coloured: { isPretty: true },
};

describe.each(Object.keys(loggers))('the %s logger', (kind) => {
  it.each(Object.keys(feeds))('redacts every secret field in %s', (feed) => {
    const { logger, take } = listen(loggers[kind]);
    const leaks = fields.filter((field) => {
      feeds[feed]?.(logger, field);
      const written = take();
      expect(written).not.toBe('');
      return written.includes(SECRET) || written.includes(Buffer.from(SECRET).toString('base64'));
    });
    expect(leaks).toEqual([]);
  });

  it('redacts secrets in texts', () => {
    const basic = Buffer.from('emil:hush hush').toString('base64');
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWhlcmU';
    const texts = [
      `Bearer ${SECRET}`,
      `authorization: bearer ${SECRET}`,
      `Basic ${basic}`,
      `postgres://user:${SECRET}@db.example.com:5432/webmetrics`,
      `redis://:${SECRET}@cache`,
      `https://${SECRET}@sentry.example.com/1`,
      `token is ${jwt}.`,
      ...['access_token', 'client_secret', 'refresh_token', ...secretParameters].flatMap((name) => [
        `https://provider.example/path?${name}=${SECRET}`,
        `https://provider.example/path?a=b&${name}=${SECRET}&c=d`,
        JSON.stringify({ inner: { [name]: SECRET } }),
      ]),
      `grant_type=refresh_token&client_secret=${SECRET}`,
    ];
    for (const given of texts) {
      const { logger, text } = listen(loggers[kind]);
      logger.info(given);
      logger.info({ url: given, list: [given], err: new Error(given, { cause: given }) }, 'with %s', given);
      expect([given, text()]).toEqual([given, expect.not.stringContaining(SECRET)]);
      expect(text()).not.toContain(basic);
      expect(text()).not.toContain(jwt);
    }
  });

  it('redacts secrets in lists of names and values', () => {
    const { logger, text } = listen(loggers[kind]);
    const rawHeaders = ['Host', 'example.com', 'Authorization', SECRET, 'X-API-Key', SECRET];
    logger.info({ rawHeaders, pairs: [['cookie', SECRET]], list: [{ name: 'Set-Cookie', value: SECRET }] }, 'headers');
    expect(text()).toContain('example.com');
    expect(text()).not.toContain(SECRET);
  });
});

describe('a log line', () => {
  it('has time, level, message, request and organization', () => {
    const { logger, line } = listen({ name: 'billing' });
    withRequestContext({ requestId: 'request-1' }, () => {
      recordOrganization('organization-1');
      logger.audit({ sessionId: 's' }, 'Something was done');
    });
    expect(line()).toEqual({
      level: 'audit',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: 'billing',
      requestId: 'request-1',
      organizationId: 'organization-1',
      sessionId: 's',
      msg: 'Something was done',
    });
  });

  it('prefers its own fields to those of the request, unless they are empty', () => {
    const { logger, line } = listen();
    withRequestContext({ requestId: 'request-1', organizationId: 'organization-1' }, () =>
      logger.info({ requestId: '', organizationId: 'organization-2' }, 'line'),
    );
    expect(line()).toMatchObject({ requestId: 'request-1', organizationId: 'organization-2' });
  });

  it('keeps words that only share their name with a secret', () => {
    const { logger, line } = listen();
    const error = Object.assign(new TypeError('no'), { code: 'ECONNREFUSED', cause: { code: '23505' } });
    logger.info({ code: 'NOT_FOUND', state: 'connected', hasToken: true, err: error, note: 'Basic settings' }, 'line');
    expect(line()).toMatchObject({ code: 'NOT_FOUND', state: 'connected', hasToken: true, note: 'Basic settings' });
    const { err } = line();
    expect(err).toMatchObject({ type: 'TypeError', message: 'no', stack: expect.stringContaining('TypeError: no') });
    expect(err).toMatchObject({ code: 'ECONNREFUSED', cause: { code: '23505' } });
  });

  it('is bounded in size, whatever is logged', () => {
    const { logger, text, line } = listen();
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    const wide = Array.from({ length: 5_000 }, (_, number) => ({ number, list: [number] }));
    const broken = { toJSON: () => JSON.parse('{') };
    logger.info({ circle, wide: [wide, wide], long: 'x'.repeat(100_000), broken, big: 10n }, 'large');
    expect(text().length).toBeLessThan(30_000);
    expect(line()).toMatchObject({ circle: { self: '[circle]' }, broken: '[unreadable]', big: '10', msg: 'large' });
  });

  it('does not change the logged object', () => {
    const given = { password: SECRET, deep: { token: SECRET } };
    listen().logger.info(given, 'line');
    expect(given).toEqual({ password: SECRET, deep: { token: SECRET } });
  });

  it('is redacted in linear time', () => {
    const { logger, text } = listen();
    logger.info({ a: 'token'.repeat(1_500), b: '\\"'.repeat(4_000), c: 'eyJ'.repeat(2_500) }, 'line');
    expect(text()).toContain('line');
  });
});

describe('a coloured line', () => {
  it.each([
    ['error', '\u001b[31m'],
    ['warn', '\u001b[33m'],
    ['info', '\u001b[32m'],
    ['audit', '\u001b[36m'],
  ] as const)('of %s begins in its colour', (level, colour) => {
    const { logger, text } = listen({ isPretty: true });
    logger[level]({ some: 'thing' }, 'words');
    expect(text()).toContain(`${colour}${level.toUpperCase()}`);
    expect(text()).toContain('words');
  });
});
