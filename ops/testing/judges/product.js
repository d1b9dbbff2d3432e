import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './tools.js';

const demo = { email: 'demo@webmetrics.test', password: 'webmetrics-demo' };

/** Requests are sent as fast as they are answered. */
const NO_LIMITS = { RATE_LIMIT_ANONYMOUS: '0', RATE_LIMIT_SIGNED_IN: '0', RATE_LIMIT_SIGN_IN: '0', COST_LIMIT: '0' };

/** Sends an operation and returns its data. Throws its errors. */
async function ask(url, query, variables, token) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${response.status}: ${JSON.stringify(errors)}`);
  return data;
}

const COMPLETE_WITHIN_MS = 300_000;

async function waitFor(file) {
  const deadline = Date.now() + COMPLETE_WITHIN_MS;
  while (!existsSync(file)) {
    if (Date.now() > deadline) throw new Error(`The demo was not complete within ${COMPLETE_WITHIN_MS / 1_000} s.`);
    await wait(100);
  }
}

/**
 * Starts the product with its demo on loopback, as `npm start` does, in a data folder of its own. `apiKey` has every
 * scope; `logIn` returns an access token of the demo's owner, which expires while others judge.
 */
export async function startProduct() {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-judged-'));
  const program = spawn(process.execPath, [join(root, 'ops/setup/launch.js'), 'gateway/main.js'], {
    cwd: root,
    env: {
      ...process.env,
      ...NO_LIMITS,
      NODE_ENV: 'development',
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  const stop = async () => {
    program.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    let output = '';
    await new Promise((resolve, reject) => {
      program.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('Press Ctrl-C to stop')) resolve();
      });
      ended.then(([status]) => reject(new Error(`The product ended with status ${status}:\n${output}`)));
    });
    const [, port] = /GraphQL +\S+:(\d+)\/graphql/.exec(output);
    const url = `http://127.0.0.1:${port}`;
    // Its clients and reports come after the welcome.
    await waitFor(join(dataDir, 'demo-complete'));
    const logIn = async () => {
      const query =
        'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { accessToken } }';
      return (await ask(url, query, demo)).logIn.accessToken;
    };
    const token = await logIn();
    const { apiKeyScopes } = await ask(url, '{ apiKeyScopes { name } }', {}, token);
    const { createApiKey } = await ask(
      url,
      'mutation ($password: String!, $scopes: [String!]!) { createApiKey(password: $password, name: "judges", scopes: $scopes) { secret } }',
      { password: demo.password, scopes: apiKeyScopes.map(({ name }) => name) },
      token,
    );
    return {
      url,
      demo,
      apiKey: createApiKey.secret,
      logIn,
      ask: async (query, variables) => ask(url, query, variables, await logIn()),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
