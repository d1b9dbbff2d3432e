import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

// Root may write anywhere.
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};

describe('a start in a checkout that cannot be written', () => {
  let checkout: string;
  let binaries: string;
  let node = process.execPath;

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  const start = () => {
    chmodSync(join(checkout, 'dist'), 0o555);
    const args = [join(checkout, 'ops', 'setup', 'launch.js'), 'program.js'];
    const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', ...asNobody });
    return { status, stdout, stderr };
  };

  beforeAll(() => {
    binaries = mkdtempSync(join(tmpdir(), 'webmetrics-node-'));
    if (!isRoot) return;
    // Node.js may be installed where root alone can read.
    chmodSync(binaries, 0o755);
    node = join(binaries, 'node');
    cpSync(process.execPath, node);
  });
  afterAll(() => rmSync(binaries, { recursive: true }));

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'webmetrics-checkout-'));
    chmodSync(checkout, 0o755);
    for (const file of ['build.js', 'launch.js']) {
      mkdirSync(join(checkout, 'ops', 'setup'), { recursive: true });
      cpSync(join(projectRoot, 'ops', 'setup', file), join(checkout, 'ops', 'setup', file));
    }
    write('package.json', '{ "type": "module" }');
    write('node_modules/typescript/bin/tsc', 'process.exit(1);');
    write('dist/program.js', "console.log('It runs');");
  });
  afterEach(() => {
    chmodSync(join(checkout, 'dist'), 0o755);
    rmSync(checkout, { recursive: true });
  });

  it('runs what was built before, and says so when the sources are newer', () => {
    write('dist/.built', '');
    utimesSync(join(checkout, 'dist', '.built'), 0, 0);
    write('tsconfig.json', '{}');
    expect(start()).toEqual({ status: 0, stdout: 'It runs\n', stderr: expect.stringContaining('cannot be written') });
  });

  it('says what to do when nothing was built', () => {
    write('tsconfig.json', '{}');
    expect(start()).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('`npm run build` where it can be'),
    });
  });
});
