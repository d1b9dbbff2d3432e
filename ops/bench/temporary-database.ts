import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

/** Creates a data folder that is removed when `lifecycle` closes. */
export function makeDataFolder(lifecycle: Lifecycle): string {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-bench-'));
  lifecycle.onClose('Data folder', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts an embedded PostgreSQL until `lifecycle` closes, and returns its URL. */
export async function startPostgres(lifecycle: Lifecycle, folder: string): Promise<string> {
  const server = await startEmbeddedPostgres(folder);
  lifecycle.onClose('Embedded PostgreSQL', server.stop);
  return server.url;
}
