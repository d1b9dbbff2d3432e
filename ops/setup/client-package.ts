import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot, version } from '#runtime/process/project-root.js';

const source = join(projectRoot, 'gateway', 'client');

const formats = { esm: 'esnext', cjs: 'commonjs' } as const;
export type ClientFormat = keyof typeof formats;

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stdout}${stderr}`);
  return stdout;
}

/** Compiles the client into `folder`, as ES modules and as CommonJS, with the other files of its package. */
export function buildClient(folder: string): void {
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const compile = (format: string, ...options: string[]) =>
    run(process.execPath, [compiler, '--project', source, '--outDir', join(folder, format), ...options], projectRoot);
  // The declarations have the comments.
  for (const [format, module] of Object.entries(formats)) {
    compile(format, '--module', module, '--removeComments', '--declaration', 'false');
  }
  compile('types', '--emitDeclarationOnly');
  for (const format of Object.keys(formats)) cpSync(join(folder, 'types'), join(folder, format), { recursive: true });
  rmSync(join(folder, 'types'), { recursive: true });
  writeFileSync(join(folder, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  const description = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...description, version }, null, 2)}\n`);
  copyFileSync(join(source, 'README.md'), join(folder, 'README.md'));
}

/** Builds the client and packs it with npm into a file in `folder`. Returns its path. */
export function packClient(folder: string): string {
  const built = mkdtempSync(join(tmpdir(), 'webmetrics-client-'));
  try {
    buildClient(built);
    mkdirSync(folder, { recursive: true });
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], built));
    return join(folder, packed.filename);
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/** Returns the sources an entry of a built client loads, itself first. */
function modulesOf(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |require\()["'](\.\/[^"']+)["']/g)) {
    modulesOf(join(dirname(file), specifier), known);
  }
  return known;
}

/** Returns the gzipped bytes of all that entries of a built client load. */
export function clientBytes(
  folder: string,
  format: ClientFormat,
  entries: ('index' | 'generated/operations')[],
): number {
  const files = new Set(entries.flatMap((entry) => [...modulesOf(join(folder, format, `${entry}.js`))]));
  return gzipSync(Buffer.concat([...files].map((file) => readFileSync(file))), { level: 9 }).length;
}
