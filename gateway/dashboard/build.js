// Builds the dashboard into dist/gateway/dashboard/page: types of its documents, scripts and styles, and beside each of these its
// compressed forms. Run by ops/setup/build.js.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { generateTypes } from './generate-types.js';
import { dashboard } from './vite.config.js';
import { writeManifest } from './write-manifest.js';

const LARGE_BYTES = 1_024;

/** Once, so that no request waits for the best compression. */
function compressAssets(folder) {
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name));
    if (!/\.(?:js|css|svg)$/.test(name) || content.length < LARGE_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

// biome-ignore lint/style/noProcessEnv: a test run, which has another one, would build it for development
process.env.NODE_ENV = 'production';
await generateTypes();
await build(dashboard);
compressAssets(join(dashboard.build.outDir, 'assets'));
writeManifest({
  generated: join(dashboard.root, 'graph', 'generated', 'graphql.ts'),
  publicOperations: join(dashboard.root, '..', '..', 'schema', 'operations'),
  output: join(dashboard.build.outDir, 'documents.json'),
});
