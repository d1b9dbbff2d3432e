import { rmSync } from 'node:fs';

/** Stops what global-setup.js started and names what was not there to test with. */
export default async function tearDown() {
  const { folder, postgres, redis, missing } = globalThis.webmetricsTest;
  await postgres.stop();
  redis?.stop();
  rmSync(folder, { recursive: true, force: true });
  if (missing.length === 0) return;
  process.stdout.write(`\nNot tested, because it is not here: ${missing.join('; ')}.\n`);
  if (process.env.REQUIRE_SERVICES === '1') {
    process.stdout.write('REQUIRE_SERVICES=1: this counts as a failure.\n');
    process.exitCode = 1;
  }
}
