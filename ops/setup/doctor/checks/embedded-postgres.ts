import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '#ops/setup/doctor/check.js';
import { ok, problem } from '#ops/setup/doctor/finding.js';
import { runPostgresProgram } from '#runtime/database/postgres-binaries.js';
import { AppError } from '#runtime/errors.js';
import { reasonOf } from '#runtime/log/reason-of.js';

const ADVICE = 'Set DATABASE_URL to a PostgreSQL of your own.';

export const embeddedPostgres: Check = {
  name: 'Embedded PostgreSQL',
  run: async ({ config, isProduction, databaseUrl }) => {
    // Reported as a missing setting.
    if (config.databaseUrl || isProduction) return [];
    try {
      const { status, output } = await runPostgresProgram('initdb', ['--version']);
      if (status !== 0) return [problem(`Its programs do not run here: ${output.trim()}`, ADVICE)];
      const version = /\d+(?:\.\d+)*/.exec(output)?.[0] ?? 'of unknown version';
      const data = existsSync(join(config.dataDir, 'postgres')) ? 'has its data' : 'has no data yet';
      return [ok(`PostgreSQL ${version} runs here; it ${data}, and is ${databaseUrl ? 'running' : 'not running now'}`)];
    } catch (error) {
      return [problem(error instanceof AppError ? error.message : `It cannot run here (${reasonOf(error)})`, ADVICE)];
    }
  },
};
