import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

// Imports go down: gateway → a subgraph's index.ts → schema → nothing, and all of them → ops/runtime → nothing of ours.
// The rules are in .biome.json. Each breach is planted in a folder of its own, under the same rules.

const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

interface Diagnostic {
  category: string;
  location: { path: string | { file: string } };
}

const importing = (specifier: string) => `import { planted } from '${specifier}';\n\nplanted();\n`;
const importingTypes = (specifier: string) => `export type { Planted } from '${specifier}';\n`;
const readingEnvironment = 'export const planted = process.env.PLANTED;\n';

const breaches: [who: string, whom: string, path: string, specifier: string][] = [
  ['a subgraph', 'the gateway', 'subgraphs/auth/planted.ts', '#gateway/graph/size-limits.js'],
  ['a service', 'the gateway', 'subgraphs/auth/services/planted.ts', '#gateway/graph/size-limits.js'],
  ['a provider', 'the gateway', 'subgraphs/integrations/providers/x/planted.ts', '#gateway/graph/size-limits.js'],
  ['what subgraphs share', 'the gateway', 'subgraphs/planted.ts', '#gateway/graph/size-limits.js'],
  ['a subgraph', 'another', 'subgraphs/auth/planted.ts', '#billing/index.js'],
  ['a subgraph', 'a service of another', 'subgraphs/auth/planted.ts', '#billing/services/start-trial.js'],
  ['a service', 'another subgraph', 'subgraphs/auth/services/planted.ts', '#billing/index.js'],
  ['a service', 'a service of another subgraph', 'subgraphs/auth/services/planted.ts', '#billing/services/x.js'],
  ['a provider', 'another subgraph', 'subgraphs/integrations/providers/x/planted.ts', '#billing/index.js'],
  ['a provider', 'a file of another', 'subgraphs/integrations/providers/x/planted.ts', '#auth/entities/user.js'],
  ['a file below a provider', 'another subgraph', 'subgraphs/integrations/providers/x/y/planted.ts', '#auth/index.js'],
  ['a subgraph', 'the list of all', 'subgraphs/auth/planted.ts', '#subgraphs/index.js'],
  ['what subgraphs share', 'a subgraph past its index', 'subgraphs/planted.ts', './auth/services/log-in.js'],
  ['what subgraphs share', 'a file of a subgraph', 'subgraphs/planted.ts', './auth/models.js'],
  ['the gateway', 'a subgraph past its index', 'gateway/planted.ts', '#auth/services/log-in.js'],
  ['the gateway', 'a file of a subgraph', 'gateway/planted.ts', '#auth/models.js'],
  ['a route', 'a subgraph past its index', 'gateway/routes/planted.ts', '#auth/entities/user.js'],
  ['the client', 'the gateway', 'gateway/client/planted.ts', '#gateway/graph/size-limits.js'],
  ['the client', 'ops/runtime', 'gateway/client/planted.ts', '#runtime/errors.js'],
  ['the client', 'a package', 'gateway/client/planted.ts', 'graphql'],
  ['the client', 'Node.js', 'gateway/client/planted.ts', 'node:crypto'],
  ['the schema', 'a subgraph', 'schema/planted.ts', '#auth/index.js'],
  ['the schema', 'what subgraphs share', 'schema/planted.ts', '#kit/page.js'],
  ['the schema', 'the gateway', 'schema/planted.ts', '#gateway/graph/size-limits.js'],
  ['ops/runtime', 'a subgraph', 'ops/runtime/planted.ts', '#auth/index.js'],
  ['ops/runtime', 'the gateway', 'ops/runtime/planted.ts', '#gateway/graph/size-limits.js'],
  ['ops/runtime', 'the schema', 'ops/runtime/planted.ts', '#schema/scalars.js'],
  ['ops/runtime', 'the simulator', 'ops/runtime/planted.ts', '#simulator/main.js'],
  ['ops/runtime', 'the tests', 'ops/runtime/planted.ts', '#ops/testing/test-services.js'],
  ['a folder of ops/runtime', 'a subgraph', 'ops/runtime/x/planted.ts', '#auth/index.js'],
  ['a folder of ops/runtime', 'the tests', 'ops/runtime/x/planted.ts', '#ops/testing/test-services.js'],
  ['backups', 'a subgraph', 'ops/backup/planted.ts', '#auth/index.js'],
  ['what an operator types', 'the gateway', 'ops/setup/planted.ts', '#gateway/graph/size-limits.js'],
  ['the simulator', 'ops/runtime', 'ops/simulator/planted.ts', '#runtime/config/config.js'],
  ['the simulator', 'ops/runtime, from a folder', 'ops/simulator/meta/planted.ts', '#runtime/config/config.js'],
  ['the simulator', 'a provider', 'ops/simulator/planted.ts', '#integrations/providers/meta-ads/api.js'],
  ['the simulator', 'the gateway', 'ops/simulator/planted.ts', '#gateway/graph/size-limits.js'],
  ['the simulator', 'the schema', 'ops/simulator/planted.ts', '#schema/scalars.js'],
  ['anything', 'another folder by climbing', 'gateway/planted.ts', '../ops/runtime/config/config.js'],
  ['a service', 'its neighbour by climbing', 'subgraphs/auth/services/planted.ts', '../entities/user.js'],
  [
    'a provider',
    'another subgraph by climbing',
    'subgraphs/integrations/providers/x/planted.ts',
    '../../../billing/index.js',
  ],
  ['ops/runtime', 'the simulator by climbing', 'ops/runtime/x/planted.ts', '../../simulator/main.js'],
  ['a test', 'what it tests by climbing', 'subgraphs/auth/services/planted.test.ts', '../entities/user.js'],
  ['a subgraph', 'another, the long way', 'subgraphs/auth/planted.ts', '#subgraphs/billing/index.js'],
  ['the gateway', 'a subgraph past its index, the long way', 'gateway/planted.ts', '#subgraphs/billing/models.js'],
];

const fine: [path: string, specifier: string][] = [
  ['gateway/planted.ts', '#auth/index.js'],
  ['gateway/planted.ts', '#subgraphs/index.js'],
  ['gateway/planted.ts', '#kit/executor.js'],
  ['gateway/routes/planted.ts', '#integrations/index.js'],
  ['gateway/routes/planted.ts', '#gateway/graph/size-limits.js'],
  ['gateway/planted.ts', '#schema/type-definitions.js'],
  ['gateway/planted.ts', '#runtime/config/config.js'],
  ['gateway/client/planted.ts', './errors.js'],
  ['gateway/client/planted.ts', './generated/types.js'],
  ['ops/runtime/x/planted.ts', '#runtime/config/config.js'],
  ['ops/runtime/x/planted.test.ts', '#ops/testing/test-services.js'],
  ['ops/backup/planted.ts', '#runtime/config/config.js'],
  ['subgraphs/planted.ts', './auth/index.js'],
  ['subgraphs/planted.ts', './page.js'],
  ['subgraphs/planted.ts', '#runtime/config/config.js'],
  ['subgraphs/auth/planted.ts', './services/log-in.js'],
  ['subgraphs/auth/planted.ts', '#kit/page.js'],
  ['subgraphs/auth/planted.ts', '#schema/scalars.js'],
  ['subgraphs/auth/planted.ts', '#runtime/config/config.js'],
  ['subgraphs/auth/services/planted.ts', '#auth/entities/user.js'],
  ['subgraphs/auth/services/planted.ts', '#kit/page.js'],
  ['subgraphs/auth/services/planted.ts', '#runtime/config/config.js'],
  ['subgraphs/integrations/providers/x/planted.ts', './api.js'],
  ['subgraphs/integrations/providers/x/planted.ts', '#integrations/providers/provider.js'],
  ['subgraphs/integrations/providers/x/planted.ts', '#integrations/errors.js'],
  ['subgraphs/integrations/providers/x/planted.ts', '#integrations/services/campaigns/page-campaigns.js'],
  ['subgraphs/integrations/providers/x/planted.ts', '#kit/page.js'],
  ['subgraphs/integrations/providers/x/planted.ts', '#runtime/config/config.js'],
  ['schema/planted.ts', './scalars.js'],
  ['schema/planted.ts', '#runtime/process/project-root.js'],
  ['ops/runtime/planted.ts', './config.js'],
  ['ops/runtime/planted.test.ts', '#ops/testing/test-services.js'],
  ['ops/simulator/planted.ts', './main.js'],
];

const environmentReaders = [
  'gateway/planted.ts',
  'subgraphs/planted.ts',
  'subgraphs/auth/services/planted.ts',
  'subgraphs/integrations/providers/x/planted.ts',
  'schema/planted.ts',
  'ops/runtime/planted.ts',
  'ops/simulator/planted.ts',
  'ops/testing/planted.ts',
];

describe('the import floors', () => {
  let folder: string;
  let planted = 0;
  const sources = new Map<string, string>();
  const refusals = new Map<string, string[]>();

  /** Puts a file with this source in the folder of `path`, under a name of its own. */
  function plant(path: string, source: string): string {
    planted += 1;
    const file = path.replace('planted', `planted-${planted}`);
    sources.set(file, source);
    return file;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-floors-'));
    for (const file of ['.biome.json', '.gitignore']) copyFileSync(join(projectRoot, file), join(folder, file));
    for (const [file, source] of sources) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), source);
    }
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (!stdout.startsWith('{')) throw new Error(`Biome failed: ${stderr}`);
    for (const { category, location } of (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics) {
      const file = (typeof location.path === 'string' ? location.path : location.path.file).replace(/^\.\//, '');
      refusals.set(file, [...(refusals.get(file) ?? []), category]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('refuse an import that goes up or sideways:', () => {
    const cases = breaches.map(([who, whom, path, specifier]) => {
      const files = [plant(path, importing(specifier)), plant(path, importingTypes(specifier))];
      return { who, whom, path, specifier, files };
    });
    it.each(cases)('$who from $whom ($path, $specifier)', ({ files }) => {
      for (const file of files) expect(refusals.get(file)).toEqual(['lint/style/noRestrictedImports']);
    });
  });

  describe('allow an import that goes down:', () => {
    const cases = fine.map(([path, specifier]) => ({ path, specifier, file: plant(path, importing(specifier)) }));
    it.each(cases)('$path from $specifier', ({ file }) => {
      expect(refusals.get(file)).toBeUndefined();
    });
  });

  describe('keep the environment in one place:', () => {
    const cases = environmentReaders.map((path) => ({ path, file: plant(path, readingEnvironment) }));
    it.each(cases)('it is not read in $path', ({ file }) => {
      expect(refusals.get(file)).toEqual(['lint/style/noProcessEnv']);
    });
  });
});
