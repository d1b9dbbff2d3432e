import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { listBuildContext } from './build-context.js';
import { readDockerfile } from './read-dockerfile.js';

const files = listBuildContext(projectRoot);

describe('what goes to the Docker engine', () => {
  it('has no settings, data, tests, build output or installed packages', () => {
    const wrong = files.filter((file) =>
      /(^|\/)(\.|dist\/|node_modules\/)|\.test\.ts$|e2e|secrets\.env|\.log$/.test(file),
    );
    expect(wrong).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'package-lock.json',
        'gateway/main.ts',
        'schema/supergraph.graphql',
        'schema/manual/README.md',
      ]),
    );
  });

  it('has every file that its files import', () => {
    const taken = new Set(files);
    const missing = files
      .filter((file) => /\.[jt]s$/.test(file))
      .flatMap((file) => {
        // Not those in texts that a program writes.
        const imports = readFileSync(join(projectRoot, file), 'utf8').matchAll(
          /(?:^(?:import|export)\b[^`]*?\bfrom |\bimport\()'(\.[^']+)'/gm,
        );
        return [...imports].map(([, path = '']) => [file, join(dirname(file), path)] as const);
      })
      .filter(([, path]) => !taken.has(path) && !taken.has(path.replace(/\.js$/, '.ts')));
    expect(missing).toEqual([]);
  });

  it('has exactly what the Dockerfile copies', () => {
    const stages = readDockerfile(readFileSync(join(projectRoot, 'ops', 'docker', 'Dockerfile'), 'utf8'));
    const copied = stages
      .flatMap(({ instructions }) => instructions.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--')))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
    const top = new Set(files.map((file) => file.split('/')[0]));
    expect([...new Set(copied)].sort()).toEqual([...top].sort());
  });
});
