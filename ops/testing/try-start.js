// Starts the product as `npm start` does, in a data folder of its own, logs in to the demo, sends the example dashboard query and
// stops it. Ends with status 0 when all of it worked. Plain JavaScript, so that it runs on any Node.js without a test runner.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-start-'));

async function ask(url, body, token) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${response.status}: ${JSON.stringify(errors)}`);
  return data;
}

const program = spawn(process.execPath, [join(root, 'ops/setup/launch.js'), 'gateway/main.js'], {
  cwd: root,
  env: { ...process.env, NODE_ENV: 'development', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(program, 'exit');
let output = '';
try {
  await new Promise((resolve, reject) => {
    program.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Press Ctrl-C to stop')) resolve();
    });
    ended.then(([status]) => reject(new Error(`ended with status ${status} before it was ready:\n${output}`)));
  });
  const [, url] = /GraphQL +(\S+)/.exec(output);
  const { logIn } = await ask(url, {
    query: 'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
  });
  const query = readFileSync(join(root, 'schema/examples/dashboard.graphql'), 'utf8');
  const variables = { range: { start: '2026-10-01', end: '2026-10-31' } };
  const { me } = await ask(url, { query, variables }, logIn.accessToken);
  if (me.organization.connections.length < 7) throw new Error('the demo is not complete');
  program.kill('SIGTERM');
  const [status] = await ended;
  if (status !== 0) throw new Error(`stopped with status ${status}`);
  process.stdout.write(`The product started, answered and stopped on Node.js ${process.version}.\n`);
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  program.kill('SIGKILL');
  await ended;
  process.exitCode = 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
