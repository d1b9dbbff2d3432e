import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pythonTool, root, run } from './tools.js';

// It knows bytes as this type alone.
const BYTES = 'application/octet-stream';
const CONFIGURATION = {
  content_type_overrides: { 'image/png': BYTES, 'image/jpeg': BYTES, 'image/svg+xml': BYTES },
};

/** Generates a client in Python from `/openapi.json`, and runs the manual's example with it. */
export async function judgePythonClient({ url, apiKey }) {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-python-'));
  const generator = pythonTool('openapi-python-client');
  const configuration = join(folder, 'configuration.json');
  const output = ['--meta', 'none', '--output-path', join(folder, 'web_metrics_client'), '--fail-on-warning'];
  try {
    writeFileSync(configuration, JSON.stringify(CONFIGURATION));
    // It formats what it writes by programs on the PATH.
    const PATH = [dirname(generator), process.env.PATH].join(delimiter);
    await run(generator, ['generate', '--url', `${url}/openapi.json`, '--config', configuration, ...output], {
      env: { PATH },
    });
    await run(pythonTool('python'), [join(root, 'schema', 'examples', 'report.py')], {
      cwd: folder,
      env: { PYTHONPATH: folder, WEBMETRICS_URL: url, WEBMETRICS_API_KEY: apiKey },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
