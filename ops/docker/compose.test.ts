import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { settings as allSettings } from '#ops/setup/settings-list.js';
import { type ComposeService, readComposeFile } from '#ops/testing/compose-file.js';
import { documentedVariables, sourceOf } from '#ops/testing/deployment.js';
import { projectRoot } from '#runtime/process/project-root.js';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

const required = {
  POSTGRES_PASSWORD: 'a',
  REDIS_PASSWORD: 'r',
  MONGO_PASSWORD: 'b',
  JWT_SECRET: 'j',
  TOKEN_ENCRYPTION_KEY: 't',
  INTERNAL_KEY_AUTH: 'ka',
  INTERNAL_KEY_INTEGRATIONS: 'ki',
  INTERNAL_KEY_REPORTING: 'kr',
  INTERNAL_KEY_BILLING: 'kb',
  PUBLIC_URL: 'https://metrics.example.com',
};
const services = readComposeFile(required);
const subgraphs =
  read('schema/type-definitions.ts')
    .match(/subgraphNames = \[([^\]]*)\]/)?.[1]
    ?.match(/\w+/g) ?? [];
const isProgram = ({ image }: ComposeService) => image === 'webmetrics:local';
const all = Object.entries(services);
const programs = all.filter(([, service]) => isProgram(service));
const databases = ['postgres', 'redis', 'mongo'];

/** Every program alerts, and is asked by operators. */
const OF_ALL = ['OPERATOR_TOKEN', 'ALERT_WEBHOOK_URL'];
const ofParts = ['AUTH', 'INTEGRATIONS', 'REPORTING', 'BILLING'].map((part) => `INTERNAL_KEY_${part}`);
const ofTokens = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS'];
const ofSealing = ['TOKEN_ENCRYPTION_KEY', 'TOKEN_ENCRYPTION_KEY_PREVIOUS'];
const ofBilling = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRETS'];
const ofProviders = allSettings
  .map(({ name }) => name)
  .filter((name) => /^(?:GOOGLE|GA4|GSC|GBP|META|LINKEDIN|X)_.*(?:SECRET|TOKEN)$/.test(name));
/** With a password in it, and used by one program. */
const SECRET_ADDRESSES = ['SMTP_URL'];
const secretsOf: Record<string, string[]> = {
  gateway: [...ofTokens, ...ofParts, 'MAIL_BOUNCE_TOKEN'],
  auth: [...ofTokens, ...ofSealing, 'INTERNAL_KEY_AUTH'],
  integrations: [...ofSealing, ...ofProviders, 'INTERNAL_KEY_INTEGRATIONS'],
  reporting: ['INTERNAL_KEY_REPORTING'],
  billing: ['INTERNAL_KEY_BILLING', ...ofBilling],
  worker: [
    ...ofParts,
    ...ofSealing,
    ...ofProviders,
    ...SECRET_ADDRESSES,
    'GEMINI_API_KEY',
    ...ofBilling,
    'BACKUP_S3_SECRET_ACCESS_KEY',
    'BACKUP_ENCRYPTION_KEY',
  ],
};

const addressIn = ({ healthcheck }: ComposeService) => new URL(healthcheck.test.at(-1) ?? '');
const portOf = ({ command, environment }: ComposeService) =>
  command.includes('--port') ? command[command.indexOf('--port') + 1] : environment.PORT;

describe('docker-compose.yml', () => {
  it('has a gateway, every subgraph, a worker, the databases and a mail catcher', () => {
    expect(Object.keys(services).sort()).toEqual(['gateway', ...subgraphs, 'worker', ...databases, 'mail'].sort());
    expect(subgraphs.length).toBeGreaterThan(3);
  });

  it.each(all)('bounds what %s takes, probes its health, and restarts it', (_name, { text, healthcheck }) => {
    expect(text.deploy.resources.limits).toEqual({
      cpus: expect.stringMatching(/^[\d.]+$/),
      memory: expect.stringMatching(/^\d+[MG]$/),
      pids: expect.any(Number),
    });
    expect(healthcheck).toMatchObject({ interval: expect.any(String), timeout: expect.any(String) });
    expect(healthcheck.test[0]).toMatch(/^CMD/);
    expect(text).toMatchObject({ restart: 'unless-stopped', stop_grace_period: expect.stringMatching(/^\d+s$/) });
    expect(text.logging.options).toEqual({ 'max-size': '10m', 'max-file': '5' });
    expect(text.security_opt).toEqual(['no-new-privileges:true']);
  });

  it.each(programs)('runs %s without rights, from a program there is, and probes its HEALTH_PORT', (_name, service) => {
    const { command, healthcheck, isReadOnly, text } = service;
    expect([isReadOnly, text.cap_drop, text.privileged, text.user]).toEqual([true, ['ALL'], undefined, undefined]);
    for (const [node, program = ''] of [command, healthcheck.test.slice(1)]) {
      expect([node, program, existsSync(sourceOf(program))]).toEqual(['node', program, true]);
    }
    const { port, pathname } = addressIn(service);
    expect([port, pathname]).toEqual([service.environment.HEALTH_PORT, '/health']);
    expect(port).not.toBe(portOf(service));
  });

  it.each(subgraphs)('gives the gateway the URL of %s, whose jobs the workers run', (name) => {
    const { command, environment } = services[name] as ComposeService;
    expect(command.slice(1)).toEqual(expect.arrayContaining(['dist/subgraphs/serve.js', name, '--no-jobs']));
    const url = new URL(services.gateway?.environment[`SUBGRAPH_${name.toUpperCase()}_URL`] ?? '');
    expect([url.hostname, url.port]).toEqual([name, command[command.indexOf('--port') + 1]]);
    expect(environment.GATEWAY_URL).toBe('http://gateway:8080/graphql');
  });

  it('runs two of what everything waits for, and of the workers', () => {
    expect(programs.filter(([, { replicas }]) => replicas > 1).map(([name]) => name)).toEqual(['auth', 'worker']);
  });

  it('publishes the gateway only, and keeps the databases on the internal network', () => {
    expect(all.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['gateway']);
    const on = (network: string) => all.filter(([, { networks }]) => networks.includes(network)).map(([name]) => name);
    expect(on('public')).toEqual(['gateway']);
    for (const name of databases) expect(services[name]?.networks).toEqual(['data']);
    expect(read('docker-compose.yml')).toMatch(/^ {2}data:\n {4}internal: true$/m);
  });

  it('publishes it on this machine only', () => {
    expect(services.gateway?.ports).toEqual(['127.0.0.1:8080:8080']);
  });

  it.each(Object.entries(secretsOf))('gives %s the secrets of what runs in it, and no others', (name, needed) => {
    const secrets = allSettings.filter(({ isSecret, name }) => isSecret || SECRET_ADDRESSES.includes(name));
    const values = Object.fromEntries(secrets.map(({ name }) => [name, `the ${name}`]));
    const { environment } = readComposeFile({ ...values, PUBLIC_URL: 'https://x.example.com' })[name] as ComposeService;
    const given = secrets.filter((secret) => environment[secret.name]).map((secret) => secret.name);
    expect(given.sort()).toEqual([...OF_ALL, ...needed].sort());
    const passwords = Object.entries(environment).filter(
      ([key, value]) => !key.endsWith('_URL') && /PASSWORD/.test(value),
    );
    expect(passwords).toEqual([]);
  });

  it('gives Redis a password, and PostgreSQL a role that is no superuser', () => {
    expect(services.worker?.environment.REDIS_URL).toBe('redis://:r@redis:6379');
    expect(services.worker?.environment.DATABASE_URL).toBe('postgres://webmetrics:a@postgres:5432/webmetrics');
    const { redis, postgres } = services;
    expect(redis?.command.join(' ')).toContain('requirepass $REDIS_PASSWORD');
    expect(redis?.environment).toEqual({ REDIS_PASSWORD: 'r', REDISCLI_AUTH: 'r' });
    const script = './ops/docker/create-role.sh:/docker-entrypoint-initdb.d/create-role.sh:ro';
    expect(postgres?.volumes).toContain(script);
    expect(postgres?.environment).toEqual({ POSTGRES_PASSWORD: 'a' });
  });

  it.each(all)('pins the image of %s to a minor version at least', (_name, { image }) => {
    expect(image).toMatch(/^webmetrics:local$|^[\w/]+:v?\d+\.\d+/);
  });

  it.each(programs)('sets for %s only what .env.example describes', (_name, { environment }) => {
    const used = Object.keys(environment);
    expect(used.filter((name) => !documentedVariables().has(name))).toEqual([]);
  });

  it.each(Object.keys(required))('fails with advice when %s is missing', (name) => {
    expect(() => readComposeFile({ ...required, [name]: '' })).toThrow(`${name}: set it in .env`);
  });

  it('sends mail to SMTP_URL, and without one to the mail catcher', () => {
    expect(services.worker?.environment.SMTP_URL).toBe('smtp://mail:1025');
    const given = readComposeFile({ ...required, SMTP_URL: 'smtps://smtp.example.com' });
    expect(given.worker?.environment.SMTP_URL).toBe('smtps://smtp.example.com');
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('ops/docker/Dockerfile');

  it('takes the Node version of .node-version', () => {
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${read('.node-version').trim()}-`);
  });

  it('says what an image is made of, from what and by which tools', () => {
    for (const label of ['source', 'revision', 'version', 'base.name'])
      expect(dockerfile).toMatch(new RegExp(`^ +org\\.opencontainers\\.image\\.${label}="\\$\\{[A-Z_]+\\}"`, 'm'));
    expect(dockerfile).toContain('--sbom=true --provenance=mode=max');
    expect(dockerfile).toMatch(/^ARG BUILDKIT_SBOM_SCAN_STAGE=true$/m);
    const installs = dockerfile.match(/^RUN .*npm ci.*$/gm) ?? [];
    expect(installs.length).toBe(2);
    for (const line of installs) expect(line).toMatch(/^RUN --mount=type=cache,target=\/root\/\.npm npm ci /);
  });

  it('bounds the heap by the memory of the container', () => {
    expect(dockerfile).toMatch(/^ +NODE_OPTIONS=--max-old-space-size-percentage=70 /m);
  });

  it('probes the HEALTH_PORT it sets, which is that of docker-compose.yml', () => {
    const [, port] = dockerfile.match(/^ +HEALTH_PORT=(\d+) /m) ?? [];
    expect(port).toBe(services.gateway?.environment.HEALTH_PORT);
    expect(dockerfile).toContain('ask-health.js "http://127.0.0.1:$HEALTH_PORT/health"');
  });

  it('starts what docker-compose.yml starts as the gateway, without a shell in between and not as root', () => {
    expect(JSON.parse(dockerfile.match(/^CMD (.*)$/m)?.[1] ?? '')).toEqual(services.gateway?.command);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(existsSync(sourceOf(dockerfile.match(/CMD node (dist\S+)/)?.[1] ?? ''))).toBe(true);
  });
});
