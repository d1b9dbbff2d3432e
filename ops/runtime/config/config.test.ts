import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { type Environment, parseConfig } from './config.js';

const jwtSecret = '0123456789abcdefghijklmnopqrstuvwxyz';
const encryptionKey = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const production: Environment = {
  NODE_ENV: 'production',
  JWT_SECRET: jwtSecret,
  TOKEN_ENCRYPTION_KEY: encryptionKey,
  DATABASE_URL: 'postgres://db.example.com/webmetrics',
  ALLOWED_ORIGINS: 'https://app.example.com',
};

function problemsIn(environment: Environment): string[] {
  try {
    parseConfig(environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message.split('\n').slice(1);
  }
}

describe('settings', () => {
  it('are complete when nothing is set', () => {
    expect(parseConfig({})).toMatchObject({
      environment: 'development',
      isProduction: false,
      host: 'localhost',
      port: 8080,
      healthPort: undefined,
      publicUrl: undefined,
      gatewayUrl: undefined,
      dataDir: resolve('.data'),
      databaseUrl: undefined,
      redisUrl: undefined,
      mongodbUrl: undefined,
      subgraphUrls: {},
      simulatorPort: 8090,
      hasDemoData: true,
      allowedOrigins: [],
      logLevel: 'info',
    });
  });

  it('name every problem at once', () => {
    const problems = problemsIn({
      NODE_ENV: 'prod',
      PORT: 'http',
      PUBLIC_URL: 'example.com',
      DATABASE_URL: 'mysql://localhost',
      DATABASE_POOL_SIZE: '0',
      REDIS_URL: 'http://localhost',
      MONGODB_URL: 'localhost',
      DEMO_DATA: 'yes',
      LOG_LEVEL: 'chatty',
      JWT_SECRET: 'short',
      TOKEN_ENCRYPTION_KEY: 'short',
      SUBGRAPH_BILLING_URL: 'billing:4004',
      ALLOWED_ORIGINS: 'app.example.com',
    });
    for (const name of [
      ...['NODE_ENV', 'PORT', 'PUBLIC_URL', 'DATABASE_URL', 'DATABASE_POOL_SIZE', 'REDIS_URL', 'MONGODB_URL'],
      ...['DEMO_DATA', 'LOG_LEVEL', 'JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'SUBGRAPH_BILLING_URL', 'ALLOWED_ORIGINS'],
    ]) {
      expect(problems.filter((line) => line.includes(name))).toHaveLength(1);
    }
    expect(problems).toHaveLength(13);
  });

  it('never repeat a secret in a problem', () => {
    const problems = problemsIn({
      JWT_SECRET: 'hunter2',
      INTERNAL_JWT_SECRET: 'hunter2',
      TOKEN_ENCRYPTION_KEY: 'hunter2',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['DATABASE_URL', 'postgres://webmetrics:100%sure@db.internal/webmetrics', 'written as %25'],
    ['DATABASE_URL', 'postgres:webmetrics', 'begins with postgres://'],
    ['DATABASE_URL', 'postgres://db.internal/webmetrics production', 'begins with postgres://'],
    ['DATABASE_URL', 'postgres://', 'must name a host'],
    ['REDIS_URL', 'redis://', 'must name a host'],
    ['REDIS_URL', 'rediss://:100%sure@cache.internal', 'written as %25'],
    ['MONGODB_URL', 'mongodb://webmetrics:100%sure@one,two/webmetrics', 'written as %25'],
    ['PUBLIC_URL', 'https://metrics.acme.io/?tab=1', 'without user, ? and #'],
    ['DASHBOARD_URL', 'https://app.acme.io/#/links', 'without user, ? and #'],
    ['BACKUP_EVERY_HOURS', '2562047788015', 'must be at most 720'],
    ['HISTORY_MONTHS', '99999999', 'must be at most 120'],
    ['WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0/8, intranet', 'must list addresses or networks'],
    ['WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0/33', 'must list addresses or networks'],
    ['GEMINI_API_KEY', 'my key', 'must be an API key'],
    ['GEMINI_MODEL', 'models/../secret', 'must be the name of a model'],
  ])('refuse in %s what would fail later: %s', (name, value, problem) => {
    expect(problemsIn({ [name]: value })).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    'postgres://webmetrics:100%25sure@db.internal/webmetrics',
    'postgresql://webmetrics@[::1]:5432/webmetrics?sslmode=require',
    'postgres:///webmetrics?host=/var/run/postgresql',
  ])('take %s', (databaseUrl) => {
    expect(parseConfig({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
  });

  it('let webhooks reach this machine outside production only, unless networks are named', () => {
    expect(parseConfig({}).webhookNetworks).toEqual(['127.0.0.0/8', '::1/128']);
    expect(parseConfig(production).webhookNetworks).toEqual([]);
    const named = { ...production, WEBHOOK_ALLOWED_NETWORKS: '10.20.0.0/16, fd00::1' };
    expect(parseConfig(named).webhookNetworks).toEqual(['10.20.0.0/16', 'fd00::1']);
  });

  it('take a port for probes that is not the main one', () => {
    expect(parseConfig({ HEALTH_PORT: '8081' }).healthPort).toBe(8081);
    expect(parseConfig({ HEALTH_PORT: '0', PORT: '0' }).healthPort).toBe(0);
    expect(problemsIn({ HEALTH_PORT: '8080' })).toEqual(['  - HEALTH_PORT must be another port than PORT']);
    expect(problemsIn({ HEALTH_PORT: '3000', PORT: '3000' })).toHaveLength(1);
    expect(problemsIn({ HEALTH_PORT: '65536' })).toEqual([expect.stringContaining('up to 65535')]);
    expect(problemsIn({ HEALTH_PORT: 'http' })).toEqual([expect.stringContaining('HEALTH_PORT must be a port number')]);
  });

  it('serve AI agents unless they are switched off', () => {
    expect([parseConfig({}).hasMcp, parseConfig({ MCP: 'off' }).hasMcp]).toEqual([true, false]);
    expect(problemsIn({ MCP: 'no' })).toEqual(['  - MCP must be on or off']);
    expect([parseConfig({}).hasDashboard, parseConfig({ DASHBOARD: 'off' }).hasDashboard]).toEqual([true, false]);
  });

  it('have a model word summaries with a key only, and never the simulator in production', () => {
    expect(parseConfig({ GEMINI_MODEL: 'gemini-3.8-flash' }).gemini).toBeUndefined();
    const apiKey = 'AIzaSyD-0123456789abcdefghijklmnopqrstu';
    const model = 'gemini-3.5-flash-lite';
    expect(parseConfig({ ...production, GEMINI_API_KEY: apiKey }).gemini).toEqual({
      apiKey,
      model,
      isSimulated: false,
    });
    const simulated = { GEMINI_API_KEY: 'webmetrics-simulator-gemini-key' };
    expect(parseConfig(simulated).gemini).toMatchObject({ isSimulated: true });
    expect(problemsIn({ ...production, ...simulated })).toEqual([
      "  - GEMINI_API_KEY must not be the simulator's in production",
    ]);
  });

  it('sell plans with a key of Stripe: a test key outside production, in production with signing secrets', () => {
    const secretKey = 'sk_test_0123456789abcdef';
    const secrets = 'whsec_0123456789abcdef, whsec_fedcba9876543210';
    expect(parseConfig({ STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRETS: secrets }).stripe).toEqual({
      secretKey,
      webhookSecrets: ['whsec_0123456789abcdef', 'whsec_fedcba9876543210'],
      isLive: false,
    });
    expect(parseConfig({ STRIPE_WEBHOOK_SECRETS: secrets }).stripe).toBeUndefined();
    const live = { STRIPE_SECRET_KEY: 'rk_live_0123456789abcdef', STRIPE_WEBHOOK_SECRETS: secrets };
    expect(parseConfig({ ...production, ...live }).stripe).toMatchObject({ isLive: true });
    expect(problemsIn(live)).toEqual([expect.stringContaining('must be a test key outside production')]);
    expect(problemsIn({ ...production, ...live, STRIPE_WEBHOOK_SECRETS: ',' })).toContainEqual(
      '  - STRIPE_WEBHOOK_SECRETS is required with STRIPE_SECRET_KEY in production',
    );
    const publishable = problemsIn({ STRIPE_SECRET_KEY: 'pk_test_0123456789abcdef' });
    expect(publishable).toEqual([expect.stringContaining('must be a secret key of Stripe')]);
    expect(publishable.join()).not.toContain('0123456789abcdef');
    const words = problemsIn({ STRIPE_WEBHOOK_SECRETS: 'whsec_0123456789abcdef,hunter2' });
    expect(words).toEqual([expect.stringContaining('must list signing secrets of Stripe')]);
    expect(words.join()).not.toContain('hunter2');
  });

  it('count an empty variable as absent', () => {
    const variables = ['NODE_ENV', 'PORT', 'DATABASE_URL', 'DEMO_DATA', 'SUBGRAPH_AUTH_URL', 'ALLOWED_ORIGINS'];
    const empty = Object.fromEntries(variables.map((name) => [name, '']));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
    const blank = Object.fromEntries(variables.map((name) => [name, ' ']));
    expect(parseConfig(blank)).toEqual(parseConfig({}));
  });

  it('refuse a secret that is long but not random', () => {
    expect(problemsIn({ JWT_SECRET: 'a'.repeat(64) })).toEqual([expect.stringContaining('JWT_SECRET')]);
    expect(problemsIn({ JWT_SECRET: jwtSecret })).toEqual([]);
  });

  it('are read without writing anything', () => {
    const folder = mkdtempSync(join(tmpdir(), 'webmetrics-config-'));
    const dataDir = join(folder, 'data');
    expect(parseConfig({ DATA_DIR: dataDir }).dataDir).toBe(dataDir);
    expect(existsSync(dataDir)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('lose the slash at the end of URLs', () => {
    const given = { PUBLIC_URL: 'https://api.example.com/', SIMULATOR_URL: 'http://localhost:9000/' };
    expect(parseConfig(given)).toMatchObject({
      publicUrl: 'https://api.example.com',
      simulatorUrl: 'http://localhost:9000',
    });
  });

  it('create demo data only with the embedded database, unless DEMO_DATA says otherwise', () => {
    const databaseUrl = 'postgres://localhost/webmetrics';
    expect(parseConfig({ DATABASE_URL: databaseUrl }).hasDemoData).toBe(false);
    expect(parseConfig({ DATABASE_URL: databaseUrl, DEMO_DATA: 'true' }).hasDemoData).toBe(true);
    expect(parseConfig({ DEMO_DATA: 'false' }).hasDemoData).toBe(false);
    expect(parseConfig(production).hasDemoData).toBe(false);
  });

  it('show neither explorer nor schema in production, unless they are turned on', () => {
    const shown = ({ hasExplorer, traffic }: ReturnType<typeof parseConfig>) => [hasExplorer, traffic.hasIntrospection];
    expect(shown(parseConfig({}))).toEqual([true, true]);
    expect(shown(parseConfig(production))).toEqual([false, false]);
    const both = { ...production, EXPLORER: 'on', GRAPHQL_INTROSPECTION: 'on' };
    expect(shown(parseConfig(both))).toEqual([true, true]);
  });
});

describe('production', () => {
  it('needs its secrets, database and origins', () => {
    expect(problemsIn({ NODE_ENV: 'production' })).toEqual(
      ['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS'].map(
        (name) => `  - ${name} is required in production`,
      ),
    );
  });

  it.each([
    ['JWT_SECRET', 'your-secret-key-change-in-production'],
    ['INTERNAL_JWT_SECRET', 'replace-me-by-32-random-characters'],
    ['OPERATOR_TOKEN', 'an-example-of-a-token-for-operators'],
  ])('refuses %s when it is %s', (name, value) => {
    expect(problemsIn({ ...production, [name]: value })).toEqual([
      `  - ${name} must not be the words of an example: take it from \`openssl rand -hex 32\``,
    ]);
  });

  it.each(['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS'])(
    'needs %s also when it is empty',
    (name) => {
      expect(problemsIn({ ...production, [name]: '' })).toEqual([`  - ${name} is required in production`]);
    },
  );

  it.each([
    [
      'a gateway whose subgraphs run elsewhere',
      { SUBGRAPH_AUTH_URL: 'http://auth:4001/graphql', SUBGRAPH_INTEGRATIONS_URL: 'http://integrations:4002/graphql' },
    ],
    ['a subgraph that seals nothing', { INTERNAL_KEY_BILLING: 'a key of its own with 32 characters or more' }],
  ])('asks for no TOKEN_ENCRYPTION_KEY of %s', (_what, given) => {
    expect(problemsIn({ ...production, ...given, TOKEN_ENCRYPTION_KEY: '' })).toEqual([]);
  });

  it.each([
    ['a gateway with auth in its process', { SUBGRAPH_INTEGRATIONS_URL: 'http://integrations:4002/graphql' }],
    ['integrations', { INTERNAL_KEY_INTEGRATIONS: 'a key of its own with 32 characters or more' }],
  ])('asks for the TOKEN_ENCRYPTION_KEY of %s', (_what, given) => {
    expect(problemsIn({ ...production, ...given, TOKEN_ENCRYPTION_KEY: '' })).toEqual([
      '  - TOKEN_ENCRYPTION_KEY is required in production',
    ]);
  });

  it.each([' ', ',', ' , '])('needs an origin in ALLOWED_ORIGINS, not "%s"', (origins) => {
    expect(problemsIn({ ...production, ALLOWED_ORIGINS: origins })).toEqual([
      '  - ALLOWED_ORIGINS is required in production',
    ]);
  });

  it.each([
    ['BACKUP_S3_ACCESS_KEY_ID', 'BACKUP_S3_SECRET_ACCESS_KEY'],
    ['BACKUP_S3_SECRET_ACCESS_KEY', 'BACKUP_S3_ACCESS_KEY_ID'],
  ])('needs more than a %s for a bucket', (given, missing) => {
    const bucket = { ...production, BACKUP_S3_BUCKET: 'backups' };
    expect(problemsIn({ ...bucket, [given]: 'half' })).toEqual([`  - ${missing} is required with ${given}`]);
    expect(problemsIn({ ...bucket, [given]: 'half', [missing]: 'other half' })).toEqual([]);
    expect(problemsIn({ ...bucket, [given]: 'half', BACKUP_S3_BUCKET: '' })).toEqual([]);
  });

  it('listens on every address', () => {
    expect(parseConfig(production)).toMatchObject({ isProduction: true, host: '0.0.0.0' });
    expect(parseConfig({ ...production, HOST: '10.0.0.1' }).host).toBe('10.0.0.1');
  });

  it.each([
    ['TOKEN_ENCRYPTION_KEY', '0f'.repeat(32), 'must be random, for example from `openssl rand -hex 32`'],
    ['BACKUP_ENCRYPTION_KEY', '00'.repeat(32), 'must be random, for example from `openssl rand -hex 32`'],
    ['INTERNAL_JWT_SECRET', jwtSecret, 'must not be the same as JWT_SECRET'],
    ['OPERATOR_TOKEN', jwtSecret, 'must not be the same as JWT_SECRET'],
    ['BACKUP_ENCRYPTION_KEY', encryptionKey, 'must not be the same as TOKEN_ENCRYPTION_KEY'],
    [
      'DATABASE_URL',
      'postgres://webmetrics:password@localhost:5432/webmetrics',
      'must not have a password that everybody knows from examples',
    ],
  ])('refuses a %s that protects nothing: %s', (name, value, problem) => {
    expect(problemsIn({ ...production, [name]: value })).toEqual([`  - ${name} ${problem}`]);
    expect(problemsIn({ ...production, [name]: value, NODE_ENV: 'development' })).toEqual([]);
  });

  it('refuses a simulator', () => {
    expect(problemsIn({ ...production, SIMULATOR_URL: 'http://localhost:9000' })).toEqual([
      '  - SIMULATOR_URL must not be set in production',
    ]);
  });
});

describe('SUBGRAPH_*_URL', () => {
  it('gives the URL of a subgraph that runs elsewhere', () => {
    const given = { SUBGRAPH_AUTH_URL: 'http://auth:4001/graphql', SUBGRAPH_BILLING_URL: 'https://billing/graphql' };
    expect(parseConfig(given).subgraphUrls).toEqual({
      auth: 'http://auth:4001/graphql',
      billing: 'https://billing/graphql',
    });
  });

  it('is refused for an unknown subgraph, with the nearest name', () => {
    const names = ['auth', 'integrations', 'billing'];
    const given = { SUBGRAPH_BILING_URL: 'http://billing/graphql', SUBGRAPH_SEARCH_URL: 'http://search/graphql' };
    const details = (environment: Environment) => {
      try {
        return parseConfig(environment, names).subgraphUrls;
      } catch (error) {
        return (error as ConfigurationError).details;
      }
    };
    expect(details(given)).toEqual([
      { argument: 'SUBGRAPH_BILING_URL', problem: 'names no subgraph: did you mean SUBGRAPH_BILLING_URL?' },
      { argument: 'SUBGRAPH_SEARCH_URL', problem: 'names no subgraph: there are auth, integrations, billing' },
    ]);
    expect(details({ SUBGRAPH_AUTH_URL: 'http://auth/graphql' })).toEqual({ auth: 'http://auth/graphql' });
  });

  it('leaves a subgraph without one in this process', () => {
    expect(parseConfig({ SUBGRAPH_AUTH_URL: '', SUBGRAPH_URL: 'http://x' }).subgraphUrls).toEqual({});
  });
});

describe('ALLOWED_ORIGINS', () => {
  it('is a comma-separated list', () => {
    const given = { ALLOWED_ORIGINS: ' https://app.example.com, http://localhost:3000 ,' };
    expect(parseConfig(given).allowedOrigins).toEqual(['https://app.example.com', 'http://localhost:3000']);
  });

  it.each(['https://app.example.com/', 'https://app.example.com/path', 'app.example.com', '*', 'null'])(
    'refuses %s, which no browser sends as an origin',
    (origin) => {
      expect(problemsIn({ ALLOWED_ORIGINS: `https://fine.example.com,${origin}` })).toEqual([
        expect.stringContaining(`"${origin}"`),
      ]);
    },
  );
});

describe('ports', () => {
  it('put the simulator ten above the gateway', () => {
    expect(parseConfig({ PORT: '3000' }).simulatorPort).toBe(3010);
    expect(parseConfig({ PORT: '3000', SIMULATOR_PORT: '4000' }).simulatorPort).toBe(4000);
  });

  it('leave both to the system when the gateway takes any port', () => {
    expect(parseConfig({ PORT: '0' })).toMatchObject({ port: 0, simulatorPort: 0 });
    expect(parseConfig({ PORT: '3000', SIMULATOR_PORT: '0' }).simulatorPort).toBe(0);
  });

  it('of the simulator exist, however high the gateway is', () => {
    expect(parseConfig({ PORT: '65530' }).simulatorPort).toBeLessThanOrEqual(65535);
  });

  it.each(['-1', '65536', '80.5', '0x50', ' 80'])('cannot be "%s"', (port) => {
    expect(problemsIn({ PORT: port })).toEqual([expect.stringContaining('PORT must be a port number')]);
  });
});

describe('the sampler of traces', () => {
  const samplingOf = (settings: Record<string, string>) => parseConfig(settings).sampling;

  it('takes all, unless the settings of OpenTelemetry say otherwise', () => {
    expect(samplingOf({})).toEqual({ sampler: 'parentbased_always_on', ratio: 1 });
    const settings = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(samplingOf(settings)).toEqual({ sampler: 'parentbased_traceidratio', ratio: 0.25 });
  });

  it.each(['-1', '1.5', '10%', '.5'])('refuses the ratio "%s"', (share) => {
    expect(problemsIn({ OTEL_TRACES_SAMPLER_ARG: share })).toEqual([
      expect.stringContaining('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'),
    ]);
  });

  it('refuses an unknown name', () => {
    expect(problemsIn({ OTEL_TRACES_SAMPLER: 'sometimes' })).toEqual([
      expect.stringContaining('OTEL_TRACES_SAMPLER must be one of always_on, '),
    ]);
  });
});
