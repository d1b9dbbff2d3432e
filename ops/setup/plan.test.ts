import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { resolveSecrets } from '#runtime/config/secrets.js';
import { ConfigurationError } from '#runtime/errors.js';
import { findProblems, makePlan } from './plan.js';

const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const secrets = [
  'JWT_SECRET',
  'INTERNAL_JWT_SECRET',
  'TOKEN_ENCRYPTION_KEY',
  'OPERATOR_TOKEN',
  'BACKUP_ENCRYPTION_KEY',
];

describe('the plan of a setup', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-plan-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const plan = (existing: Environment, answers: Environment, hasCompose = false) =>
    makePlan({ existing, answers, envFile: join(folder, '.env'), hasCompose });

  it('makes every secret, each another one, strong enough for production', () => {
    const { values, changes } = plan({}, { SMTP_URL: 'smtp://localhost' }, true);
    const parts = ['AUTH', 'INTEGRATIONS', 'REPORTING', 'BILLING'].map((part) => `INTERNAL_KEY_${part}`);
    const made = [...secrets, ...parts, 'MAIL_BOUNCE_TOKEN', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'MONGO_PASSWORD'];
    expect(
      changes
        .filter(({ origin }) => origin === 'generated')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(made.sort());
    expect(new Set(made.map((name) => values[name])).size).toBe(made.length);
    const production = { NODE_ENV: 'production', ALLOWED_ORIGINS: 'https://app.acme.io' };
    expect(findProblems({ ...values, ...production }, true)).toEqual([]);
  });

  it('makes no secret for what is not there', () => {
    expect(Object.keys(plan({}, {}).values).sort()).toEqual([...secrets].sort());
  });

  it('keeps every value of the file, secrets above all', () => {
    const existing = { ...plan({}, {}).values, PORT: '9000', OTHER_PROGRAM: 'its own' };
    const { values, changes, unchanged } = plan(existing, { REDIS_URL: 'redis://localhost' });
    expect(values).toEqual({ ...existing, REDIS_URL: 'redis://localhost' });
    expect(changes).toEqual([{ name: 'REDIS_URL', before: undefined, after: 'redis://localhost', origin: undefined }]);
    expect(unchanged).toBe(7);
  });

  it('removes a variable for an empty answer, but never a secret', () => {
    const existing: Environment = { ...plan({}, {}).values, REDIS_URL: 'redis://localhost' };
    const emptied = Object.fromEntries(secrets.map((name) => [name, '']));
    const { values } = plan(existing, { REDIS_URL: '', ...emptied });
    const { REDIS_URL: _gone, ...rest } = existing;
    expect(values).toEqual(rest);
  });

  it('lets a key that is replaced open what it sealed', () => {
    const existing: Environment = { ...plan({}, {}).values, TOKEN_ENCRYPTION_KEY_PREVIOUS: 'older' };
    const { values } = plan(existing, { TOKEN_ENCRYPTION_KEY: key });
    expect(values.TOKEN_ENCRYPTION_KEY).toBe(key);
    expect(values.TOKEN_ENCRYPTION_KEY_PREVIOUS).toBe(`${existing.TOKEN_ENCRYPTION_KEY},older`);
  });

  it('lets a secret that is replaced vouch for what it signed', () => {
    const existing: Environment = { ...plan({}, {}).values, JWT_SECRET_PREVIOUS: 'older' };
    const { values } = plan(existing, { JWT_SECRET: 'new', INTERNAL_JWT_SECRET: 'new, too' });
    expect(values).toMatchObject({
      JWT_SECRET: 'new',
      JWT_SECRET_PREVIOUS: existing.JWT_SECRET,
      INTERNAL_JWT_SECRET: 'new, too',
      INTERNAL_JWT_SECRET_PREVIOUS: existing.INTERNAL_JWT_SECRET,
    });
  });

  it('adopts the generated secrets of an installation without settings', () => {
    const dataDir = join(folder, '.data');
    const before = resolveSecrets({}, dataDir);
    const { values, changes } = plan({}, {});
    expect(changes.filter(({ origin }) => origin === 'adopted').map(({ name }) => name)).toEqual([
      'JWT_SECRET',
      'TOKEN_ENCRYPTION_KEY',
    ]);
    const after = resolveSecrets(parseConfig(values).secrets, dataDir);
    expect([after.jwtKeys()[0], after.tokenEncryptionKeys()]).toEqual([
      before.jwtKeys()[0],
      before.tokenEncryptionKeys(),
    ]);
  });

  it.each<[string, Environment, Environment, boolean]>([
    ['docker compose', {}, { NODE_ENV: 'production' }, true],
    ['a database of its own', {}, { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/webmetrics' }, false],
    ['another database', { DATABASE_URL: 'postgres://db/one' }, { DATABASE_URL: 'postgres://db/two' }, false],
  ])('adopts none of the demo for an installation with %s', (_what, existing, answers, hasCompose) => {
    const demo = resolveSecrets({}, join(folder, '.data'));
    const { values, changes } = plan(existing, answers, hasCompose);
    expect(changes.filter(({ origin }) => origin === 'adopted')).toEqual([]);
    expect(values.TOKEN_ENCRYPTION_KEY).toMatch(/^[0-9a-f]{64}$/);
    const made = resolveSecrets(parseConfig({ ...values, NODE_ENV: 'test' }).secrets, join(folder, 'elsewhere'));
    expect(made.tokenEncryptionKeys()[0]).not.toEqual(demo.tokenEncryptionKeys()[0]);
  });

  it('adopts them for an installation that keeps its database', () => {
    resolveSecrets({}, join(folder, '.data'));
    const { changes } = plan({ DATABASE_URL: 'postgres://db/one' }, {});
    expect(changes.filter(({ origin }) => origin === 'adopted').length).toBe(2);
  });

  it('stops where those secrets cannot be read, rather than make others', () => {
    mkdirSync(join(folder, '.data'));
    writeFileSync(join(folder, '.data', 'secrets.json'), 'damaged');
    expect(() => plan({}, {})).toThrow(ConfigurationError);
  });
});
