import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { resolveSecrets } from './secrets.js';

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
    expect(resolveSecrets({}, dataDir)).toEqual(first);
    expect(first.jwt.length).toBeGreaterThanOrEqual(32);
    expect(first.internal.length).toBeGreaterThanOrEqual(32);
    expect(first.tokenEncryptionKey).toHaveLength(32);
  });

  it('are different in every installation', () => {
    const one = resolveSecrets({}, join(dataDir, 'one'));
    const other = resolveSecrets({}, join(dataDir, 'other'));
    expect(one.jwt).not.toBe(other.jwt);
    expect(one.internal).not.toBe(other.internal);
    expect(one.tokenEncryptionKey.equals(other.tokenEncryptionKey)).toBe(false);
  });

  it('are readable only for their owner', () => {
    resolveSecrets({}, dataDir);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
  });

  it('are not written to a file when they are all set', () => {
    const secrets = resolveSecrets(settings, dataDir);
    expect(secrets.jwt).toBe(settings.JWT_SECRET);
    expect(secrets.tokenEncryptionKey.toString('hex')).toBe(settings.TOKEN_ENCRYPTION_KEY);
    expect(existsSync(kept())).toBe(false);
  });

  it('are generated only where they are not set', () => {
    const { jwt } = resolveSecrets({}, dataDir);
    const secrets = resolveSecrets({ TOKEN_ENCRYPTION_KEY: settings.TOKEN_ENCRYPTION_KEY }, dataDir);
    expect(secrets.jwt).toBe(jwt);
    expect(secrets.tokenEncryptionKey.toString('hex')).toBe(settings.TOKEN_ENCRYPTION_KEY);
  });

  it('derive the internal one from JWT_SECRET, the same in every process of an installation', () => {
    const { internal } = resolveSecrets(settings, dataDir);
    expect(internal).not.toBe(settings.JWT_SECRET);
    expect(resolveSecrets(settings, dataDir).internal).toBe(internal);
    expect(resolveSecrets({ ...settings, INTERNAL_JWT_SECRET: 'given' }, dataDir).internal).toBe('given');
  });

  it('derive the previous internal one from JWT_SECRET_PREVIOUS, unless it is set', () => {
    const next = { ...settings, JWT_SECRET: 'the next secret of somebody who knows his way' };
    const { internal } = resolveSecrets(next, dataDir);
    const knowsNext = resolveSecrets({ ...settings, JWT_SECRET_PREVIOUS: next.JWT_SECRET }, dataDir);
    expect([knowsNext.previousJwt, knowsNext.previousInternal]).toEqual([[next.JWT_SECRET], [internal]]);
    const own = { INTERNAL_JWT_SECRET: 'given', INTERNAL_JWT_SECRET_PREVIOUS: 'given before' };
    const { previousInternal } = resolveSecrets({ ...settings, JWT_SECRET_PREVIOUS: next.JWT_SECRET, ...own }, dataDir);
    expect(previousInternal).toEqual(['given before']);
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
