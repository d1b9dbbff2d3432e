import { rmSync } from 'node:fs';

/** Stops what global-setup.js started and names the services there were none of to test with. */
export default async function tearDown() {
  const { folder, postgres, redis, mongodb, missing } = globalThis.webmetricsTest;
  await postgres.stop();
  redis?.stop();
  mongodb?.stop();
  rmSync(folder, { recursive: true, force: true });
  if (mongodb) process.stdout.write(`\nThe job queue in MongoDB was tested with ${mongodb.name}.\n`);
  if (missing.length === 0) return;
  process.stdout.write(`\nNot tested, because it is not here: ${missing.map(({ how }) => how).join('; ')}.\n`);
  // `1` requires every service, a list like `redis,mongodb` the ones it names.
  const required = process.env.REQUIRE_SERVICES ?? '';
  const failing = missing.filter(({ name }) => required === '1' || required.split(',').includes(name));
  if (failing.length === 0) return;
  process.stdout.write(
    `REQUIRE_SERVICES=${required}: without ${failing.map(({ name }) => name).join(', ')} this run fails.\n`,
  );
  process.exitCode = 1;
}
