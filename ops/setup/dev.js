// `npm run dev`: the product with the sources being watched. The compiler rebuilds the server, which starts again; the dashboard is
// served by Vite, which replaces what was changed in the open page, at http://localhost:<PORT + 1>/app/. What is not the dashboard
// goes to the gateway. The Content-Security-Policy is that of the built page only: look at that one, too.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { build } from './build.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const page = join(root, 'gateway', 'dashboard');

build();
const { dashboard } = await import(join(page, 'vite.config.js'));
const { generateTypes } = await import(join(page, 'generate-types.js'));

// biome-ignore lint/style/noProcessEnv: it runs before the settings are read, as the launcher does.
const port = Number(process.env.PORT ?? 8080);
const start = (...command) => spawn(process.execPath, command, { cwd: root, stdio: 'inherit' });
const compiler = start(join('node_modules', 'typescript', 'bin', 'tsc'), '--watch', '--preserveWatchOutput');
const server = start('--watch', '--watch-preserve-output', join('dist', 'gateway', 'main.js'));

/** Keeps the types of the screens' documents up to date. */
const documents = {
  name: 'documents',
  async handleHotUpdate({ file }) {
    if (!file.endsWith('.graphql')) return;
    await generateTypes().catch(({ message }) => process.stderr.write(`${file}: ${message}\n`));
  },
};
const vite = await createServer({
  ...dashboard,
  plugins: [react(), ...dashboard.plugins, documents],
  logLevel: 'info',
  server: {
    host: '127.0.0.1',
    port: port + 1,
    strictPort: true,
    proxy: { '^/(?!app(?:/|$))': { target: `http://127.0.0.1:${port}`, changeOrigin: false } },
  },
});
vite.watcher.add(join(page, 'screens'));
await vite.listen();
vite.printUrls();

let isStopping = false;
async function stop() {
  if (isStopping) return;
  isStopping = true;
  compiler.kill('SIGTERM');
  server.kill('SIGTERM');
  await vite.close();
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
server.on('exit', stop);
