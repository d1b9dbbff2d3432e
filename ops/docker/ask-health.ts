// `node dist/ops/docker/ask-health.js http://127.0.0.1:8081/health` ends with status 0 when the answer is a 2xx: the health
// check of an image without curl.

const TIMEOUT_MS = 3_000;

const [address = ''] = process.argv.slice(2);
const isHealthy = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
  ({ ok }) => ok,
  () => false,
);
process.exit(isHealthy ? 0 : 1);
