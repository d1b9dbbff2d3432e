import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { projectRoot } from '#runtime/process/project-root.js';
import {
  breakingChanges,
  type Change,
  type Contract,
  compareContracts,
  type DeclaredChanges,
  findUndeclared,
} from './compare-contracts.js';

// The last part of `npm run schema`. `-- --diff <git ref>` compares the contract there with the one here, `-- --released` the
// latest release with it. Status 1 = a change breaks clients and is not declared in schema/breaking-changes.json.

const DECLARED = 'schema/breaking-changes.json';

function git(...command: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', command, {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? stdout : undefined;
}

type ReadFile = (file: string) => string | undefined;

const fileHere: ReadFile = (file) =>
  existsSync(`${projectRoot}/${file}`) ? readFileSync(`${projectRoot}/${file}`, 'utf8') : undefined;

/** Throws ConfigurationError when it is no commit. */
function filesAt(ref: string): ReadFile {
  const commit = ref.startsWith('-') ? undefined : git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`)?.trim();
  if (!commit) throw new ConfigurationError(`git knows no "${ref}".`);
  return (file) => git('show', `${commit}:${file}`);
}

function readContract(read: ReadFile): Contract {
  const api = read('schema/api.graphql');
  if (!api) throw new ConfigurationError('There is no schema/api.graphql to compare with.');
  return { api, errors: read('schema/manual/errors.md') ?? '', openapi: read('schema/openapi.json') };
}

const readDeclared = (read: ReadFile): DeclaredChanges => breakingChanges.parse(JSON.parse(read(DECLARED) ?? '[]'));

/** Written at once, at the end. */
const lines: string[] = [];
const print = (line: string) => void lines.push(line);

/** Prints changes without those within a new type, and the number of those of descriptions. */
function printChanges(title: string, changes: Change[]): void {
  const added = new Set(changes.flatMap(({ type, path }) => (type === 'TYPE_ADDED' ? path : [])));
  const isWithinAdded = (path: string) => added.has(path.split('.')[0] ?? '') && path.includes('.');
  const listed = changes.filter(({ type, path }) => !type.includes('DESCRIPTION') && !isWithinAdded(path));
  const rest = changes.filter(({ type }) => type.includes('DESCRIPTION')).length;
  print(`${title}: ${listed.length || 'none'}${rest > 0 ? `, and ${rest} of descriptions` : ''}`);
  for (const { type, path, message } of listed) print(`  ${type} ${path}: ${message}`);
}

async function compareWith(ref: string): Promise<void> {
  const there = filesAt(ref);
  const comparison = await compareContracts(readContract(there), readContract(fileHere));
  print(`The contract here beside ${ref}`);
  printChanges('Breaking', comparison.breaking);
  printChanges('Dangerous', comparison.dangerous);
  printChanges('Safe', comparison.safe);
  const undeclared = findUndeclared(comparison, readDeclared(there), readDeclared(fileHere));
  if (undeclared.length === 0) return;
  printChanges(`Breaking and not declared in ${DECLARED}`, undeclared);
  process.exitCode = 1;
}

try {
  const { flags } = readCommandLine({ diff: { type: 'string' }, released: { type: 'boolean' } });
  const released = flags.released ? git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*')?.trim() : undefined;
  const ref = flags.diff ?? released;
  if (ref) await compareWith(ref);
  else if (flags.released) print('Nothing is released yet (no tag v…): there is no contract to compare with.');
} catch (error) {
  exitWith(error, 'The contract cannot be compared.');
}
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
