import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

// `node poll-health.js <url> <milliseconds>`: polls /health over one connection and prints each latency. The process
// that makes the load would measure itself.

const PAUSE_MS = 5;

const [url = '', durationMs] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Resolves to the latency in milliseconds. */
function ask(): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(`${url}/health`, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`/health answered ${response.statusCode}.`));
      response.resume().on('end', () => resolve(performance.now() - startedAt));
    }).on('error', reject);
  });
}

const timesMs: number[] = [];
await ask();
const end = performance.now() + Number(durationMs);
while (performance.now() < end) {
  timesMs.push(await ask());
  await wait(PAUSE_MS);
}
agent.destroy();
process.stdout.write(JSON.stringify(timesMs));
