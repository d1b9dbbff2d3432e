import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { resolveSecrets, type Secrets } from './secrets.js';

const settings = { JWT_SECRET: 'a secret of somebody who knows his way', TOKEN_ENCRYPTION_KEY: '0f'.repeat(32) };

describe('secrets', () => {
  let dataDir: string;
  const kept = () => join(dataDir, 'secrets.json');
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-secrets-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('are generated once and kept', () => {
    const first = resolveSecrets({}, dataDir);
    const again = resolveSecrets({}, dataDir);
    const valuesOf = ({ jwtKeys, keysOf, tokenEncryptionKeys, operator }: Secrets) => [
      operator,
      jwtKeys(),
      keysOf('auth'),
      tokenEncryptionKeys(),
    ];
    expect(valuesOf(again)).toEqual(valuesOf(first));
    expect(first.jwtKeys()[0].length).toBeGreaterThanOrEqual(32);
    expect(first.keysOf('auth')[0].length).toBeGreaterThanOrEqual(32);
    expect(first.tokenEncryptionKeys()[0]).toHaveLength(32);
  });

  it('are different in every installation', () => {
    const one = resolveSecrets({}, join(dataDir, 'one'));
    const other = resolveSecrets({}, join(dataDir, 'other'));
    expect(one.jwtKeys()).not.toEqual(other.jwtKeys());
    expect(one.keysOf('auth')).not.toEqual(other.keysOf('auth'));
    expect(one.tokenEncryptionKeys()[0].equals(other.tokenEncryptionKeys()[0])).toBe(false);
  });

  it('are readable only for their owner', () => {
    resolveSecrets({}, dataDir);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
  });

  it('are not written to a file when they are all set', () => {
    const secrets = resolveSecrets(settings, dataDir);
    expect(secrets.jwtKeys()).toEqual([settings.JWT_SECRET]);
    expect(secrets.tokenEncryptionKeys()[0].toString('hex')).toBe(settings.TOKEN_ENCRYPTION_KEY);
    expect(existsSync(kept())).toBe(false);
  });

  it('are generated only where they are not set', () => {
    const jwtKeys = resolveSecrets({}, dataDir).jwtKeys();
    const secrets = resolveSecrets({ TOKEN_ENCRYPTION_KEY: settings.TOKEN_ENCRYPTION_KEY }, dataDir);
    expect(secrets.jwtKeys()).toEqual(jwtKeys);
    expect(secrets.tokenEncryptionKeys()[0].toString('hex')).toBe(settings.TOKEN_ENCRYPTION_KEY);
  });

  it('derive a key for each part from JWT_SECRET, the same in every process of an installation', () => {
    const { keysOf } = resolveSecrets(settings, dataDir);
    expect(new Set([settings.JWT_SECRET, ...keysOf('auth'), ...keysOf('billing')]).size).toBe(3);
    expect(resolveSecrets(settings, dataDir).keysOf('auth')).toEqual(keysOf('auth'));
    const own = resolveSecrets({ ...settings, INTERNAL_JWT_SECRET: 'given' }, dataDir);
    expect(own.keysOf('auth')).not.toEqual(keysOf('auth'));
  });

  it('take the key of a part that was given one, with those before it', () => {
    const internalKeys = { billing: ['the current one', 'the one before'] };
    const { keysOf } = resolveSecrets({ ...settings, internalKeys }, dataDir);
    expect(keysOf('billing')).toEqual(internalKeys.billing);
    expect(keysOf('auth')).toEqual(resolveSecrets(settings, dataDir).keysOf('auth'));
  });

  it('are no more than given to a process with the key of its part, and nothing is generated', () => {
    const given = { TOKEN_ENCRYPTION_KEY: settings.TOKEN_ENCRYPTION_KEY, internalKeys: { billing: ['its own'] } };
    const { keysOf, jwtKeys, operator } = resolveSecrets(given, dataDir);
    expect([keysOf('billing'), operator, existsSync(kept())]).toEqual([['its own'], undefined, false]);
    expect(() => keysOf('auth')).toThrow('INTERNAL_KEY_AUTH is not set');
    expect(() => jwtKeys()).toThrow('JWT_SECRET is not set');
    const { tokenEncryptionKeys } = resolveSecrets({ internalKeys: { billing: ['its own'] } }, dataDir);
    expect([tokenEncryptionKeys, existsSync(kept())]).toEqual([expect.any(Function), false]);
    expect(() => tokenEncryptionKeys()).toThrow('TOKEN_ENCRYPTION_KEY is not set');
  });

  it('derive the previous keys of parts from JWT_SECRET_PREVIOUS, unless INTERNAL_JWT_SECRET_PREVIOUS is set', () => {
    const next = { ...settings, JWT_SECRET: 'the next secret of somebody who knows his way' };
    const [nextKey] = resolveSecrets(next, dataDir).keysOf('auth');
    const knowsNext = resolveSecrets({ ...settings, JWT_SECRET_PREVIOUS: next.JWT_SECRET }, dataDir);
    expect([knowsNext.jwtKeys(), knowsNext.keysOf('auth').slice(1)]).toEqual([
      [settings.JWT_SECRET, next.JWT_SECRET],
      [nextKey],
    ]);
    const own = { INTERNAL_JWT_SECRET: 'given', INTERNAL_JWT_SECRET_PREVIOUS: 'given before' };
    const { keysOf } = resolveSecrets({ ...settings, JWT_SECRET_PREVIOUS: next.JWT_SECRET, ...own }, dataDir);
    const [before] = resolveSecrets({ ...settings, INTERNAL_JWT_SECRET: 'given before' }, dataDir).keysOf('auth');
    expect(keysOf('auth').slice(1)).toEqual([before]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"jwt": '],
    ['no object', 'null'],
    ['no secrets', '{}'],
    ['half of them', '{"tokenEncryptionKey": ""}'],
  ])('are refused, and their file is named, when it holds %s', (_what, content) => {
    writeFileSync(kept(), content);
    const key = { TOKEN_ENCRYPTION_KEY: settings.TOKEN_ENCRYPTION_KEY };
    for (const given of [{}, key]) {
      expect(() => resolveSecrets(given, dataDir)).toThrow(ConfigurationError);
      expect(() => resolveSecrets(given, dataDir)).toThrow(/secrets\.json is damaged/);
    }
    expect(readFileSync(kept(), 'utf8')).toBe(content);
  });

  it('need a writable folder', () => {
    writeFileSync(join(dataDir, 'file'), '');
    expect(() => resolveSecrets({}, join(dataDir, 'file', 'data'))).toThrow(ConfigurationError);
  });
});
