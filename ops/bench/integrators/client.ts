import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient, type ClientFormat, clientBytes } from '#ops/setup/client-package.js';

/** Gzipped bytes of what an entry of the client loads, before a bundler leaves out what is not used. */
export type ClientFigures = Record<ClientFormat, { core: number; withEveryOperation: number }>;

/** Builds the client and measures it. */
export function measureClient(): ClientFigures {
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-client-'));
  try {
    buildClient(folder);
    const bytesOf = (format: ClientFormat) => {
      const core = clientBytes(folder, format, ['index']);
      return { core, withEveryOperation: clientBytes(folder, format, ['index', 'generated/operations']) };
    };
    return { esm: bytesOf('esm'), cjs: bytesOf('cjs') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Formats the figures for people. */
export function describeClient(figures: ClientFigures): string {
  const lines = Object.entries(figures).map(
    ([format, { core, withEveryOperation }]) =>
      `  ${format}  ${core} bytes, with every operation ${withEveryOperation} bytes`,
  );
  return ['The client, compressed (at most 12,000 bytes):', ...lines, ''].join('\n');
}
