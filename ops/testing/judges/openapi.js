import { join } from 'node:path';
import { npmTool, root, run } from './tools.js';

/** Lints `schema/openapi.json`: a warning is a fault, too. */
export async function judgeOpenApi() {
  const file = join(root, 'schema', 'openapi.json');
  await run(npmTool('redocly'), ['lint', file, '--config', 'redocly.yaml', '--max-problems', '50'], {
    env: { REDOCLY_TELEMETRY: 'off' },
  });
  await run(npmTool('spectral'), ['lint', file, '--ruleset', 'spectral.yaml', '--fail-severity', 'warn']);
}
