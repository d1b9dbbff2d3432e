import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMessages } from './compile-messages.js';

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, '..', '..');

/** How the dashboard is built, and served while it is developed. */
export const dashboard = {
  configFile: false,
  root: folder,
  base: '/app/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [compileMessages],
  resolve: {
    alias: [
      { find: /^use-intl\/format-message$/, replacement: 'use-intl/format-message/format-only' },
      { find: /^#dashboard\//, replacement: `${folder}/` },
      // The sources: the build of the server may be older.
      { find: /^#gateway\/client\/(.*)\.js$/, replacement: `${join(root, 'gateway', 'client')}/$1.ts` },
    ],
  },
  build: {
    outDir: join(root, 'dist', 'gateway', 'dashboard', 'page'),
    emptyOutDir: true,
    target: 'es2023',
    // A script of a few lines would be refused by the Content-Security-Policy as an inline one.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // "use client" is for servers that render; here is none.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    },
  },
};
