import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Check } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { projectRoot } from '#runtime/process/project-root.js';

/** Whether a version is in a range such as `>=20.19`. */
export function isAtLeast(version: string, range: string): boolean {
  const numbers = (text: string) =>
    text
      .replace(/^\D*/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
  const [given, needed] = [numbers(version), numbers(range)];
  for (const [index, least] of needed.entries()) {
    const part = given[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

async function npm(range: string, signal: AbortSignal): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['--version'], { signal });
    const version = stdout.trim();
    if (isAtLeast(version, range)) return ok(`npm ${version}`);
    return warning(`npm ${version} is older than ${range}`, 'npm install --global npm');
  } catch {
    return ok('There is no npm here, which only installing needs');
  }
}

/** Checks the versions of WebMetrics, Node.js and npm. */
export const versions: Check = {
  name: 'Programs',
  run: async ({ signal }) => {
    const { version, engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
      engines: { node: string; npm: string };
    };
    const node = process.versions.node;
    return [
      isAtLeast(node, engines.node)
        ? ok(`WebMetrics ${version} on Node ${node}`)
        : problem(
            `Node ${node} is older than ${engines.node}`,
            `Install Node ${engines.node.replace(/\D*/, '')} or newer.`,
          ),
      await npm(engines.npm, signal),
    ];
  },
};
