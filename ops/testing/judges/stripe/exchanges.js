import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { here, root, run } from '../tools.js';

/** What reaches the simulated Stripe: the commands, synchronization, reconciliation and life cycles; and what only its own tests ask. */
const TESTS = 'subgraphs/billing/.*integration|gateway/e2e/billing|ops/simulator/stripe/.*integration';

/** Whether a call is of the second version of the API, which is not in the schema that comes with stripe-mock. */
export const isUnpublished = ({ path }) => path.startsWith('/v2/');

let recorded;

async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-stripe-'));
  const file = join(folder, 'exchanges.ndjson');
  const preload = pathToFileURL(join(here, 'stripe', 'record.js')).href;
  try {
    await run('npm', ['run', 'build', '--silent'], { cwd: root });
    await run(
      process.execPath,
      [
        ...['--import', preload, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
        ...['node_modules/jest/bin/jest.js', '--runInBand', '--silent', TESTS],
      ],
      { cwd: root, env: { STRIPE_EXCHANGES: file } },
    );
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns every call of the billing tests with its answer. The tests run once. */
export function recordExchanges() {
  recorded ??= record();
  return recorded;
}

/** Builds stripe-mock and returns the folder with it and Stripe's published schema. */
export async function stripeTools() {
  await run(join(root, 'ops/testing/build-stripe-mock.sh'), []);
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'webmetrics', 'stripe-mock-v0.203.0');
}

/** Returns a function that finds the path of Stripe's schema, such as `/v1/customers/{customer}`, and its operation. */
export function openPaths(spec) {
  const known = Object.entries(spec.paths).map(([template, operations]) => ({
    template,
    operations,
    parts: template.split('/'),
  }));
  return (method, path) => {
    const parts = path.split('/');
    const fits = known.filter(
      (one) =>
        one.parts.length === parts.length && one.parts.every((part, n) => part.startsWith('{') || part === parts[n]),
    );
    const placeholders = ({ parts: own }) => own.filter((part) => part.startsWith('{')).length;
    const [best] = fits.sort((one, other) => placeholders(one) - placeholders(other));
    const operation = best?.operations[method.toLowerCase()];
    return operation && { template: best.template, operation };
  };
}
