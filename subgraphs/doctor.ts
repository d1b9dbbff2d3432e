import { resolve } from 'node:path';
import { paintFor } from '#ops/setup/colours.js';
import { type Examination, type ExaminationListener, examine } from '#ops/setup/doctor/examine.js';
import { problem } from '#ops/setup/doctor/finding.js';
import { checks } from '#ops/setup/doctor/index.js';
import { readSettings } from '#ops/setup/doctor/read-settings.js';
import { countFindings, examinationAsText, reportAsJson, verdictAsText } from '#ops/setup/doctor/report.js';
import { type Config, type Environment, readEnvironment } from '#runtime/config/config.js';
import { findEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { AppError, ConfigurationError } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { progressLine } from '#runtime/process/progress-line.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';
import { migrationsOf } from './migrations.js';

// `npm run doctor [-- --production] [--json]`: checks an installation. Exits with status 1 when there is a problem. Here
// because it needs the list of subgraphs; the checks are in ops/setup/doctor.

const DEADLINE_MS = 8_000;

const HELP = `npm run doctor                    checks this installation and gives advice
npm run doctor -- --production    the same before going live: what can wait elsewhere is a problem then
npm run doctor -- --json          the same for programs

Ends with status 0 when there is no problem, else with 1. Changes nothing.
`;

function readOptions() {
  const { flags, words } = readCommandLine({
    production: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (words.length > 0) throw new ConfigurationError(`"${words[0]}" is not a flag: there are --production and --json.`);
  return { isGoLive: !!flags.production, isJson: !!flags.json, hasHelp: !!flags.help };
}

function databaseOf(config: Config, isProduction: boolean): Promise<string | undefined> {
  if (config.databaseUrl || isProduction) return Promise.resolve(config.databaseUrl);
  // Whether it can run has a check of its own.
  return findEmbeddedPostgres(config.dataDir).catch(() => undefined);
}

async function lookOver(
  environment: Environment,
  isGoLive: boolean,
  listener?: ExaminationListener,
): Promise<Examination[]> {
  const definitions = await Promise.all(subgraphNames.map((name) => subgraphs[name]()));
  const isProduction = isGoLive || environment.NODE_ENV === 'production';
  const asStarted = isGoLive ? { ...environment, NODE_ENV: 'production' } : environment;
  const { problems, config } = readSettings(asStarted, subgraphNames);
  const context = {
    environment,
    problems,
    config,
    isProduction,
    isGoLive,
    databaseUrl: await databaseOf(config, isProduction),
    envFile: resolve('.env'),
    subgraphNames,
    migrations: migrationsOf(definitions),
    sealedColumns: definitions.flatMap(({ sealedColumns }) => sealedColumns),
    findSubgraphProblems: (settings: Config) =>
      definitions.flatMap(({ findSettingsProblems }) => findSettingsProblems(settings)),
  };
  return examine(checks, context, DEADLINE_MS, { listener });
}

async function examineAll(isGoLive: boolean, listener?: ExaminationListener): Promise<Examination[]> {
  try {
    return await lookOver(readEnvironment(), isGoLive, listener);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The settings file itself cannot be read.
    const findings = [problem(error.message, 'Nothing else can be checked before that.')];
    const examination = { name: 'Settings', findings };
    listener?.onFinished(examination);
    return [examination];
  }
}

/** Ends the process once a text is written: a check that exceeded its deadline may have connections open. */
function endWith(text: string, examinations: Examination[]): void {
  process.exitCode = countFindings(examinations).problem > 0 ? 1 : 0;
  process.stdout.write(text, () => process.exit());
}

try {
  const { isGoLive, isJson, hasHelp } = readOptions();
  if (hasHelp) {
    process.stdout.write(HELP);
  } else if (isJson) {
    const examinations = await examineAll(isGoLive);
    endWith(reportAsJson(examinations, isGoLive), examinations);
  } else {
    const paint = paintFor(process.stdout);
    const line = progressLine(process.stdout);
    const examinations = await examineAll(isGoLive, {
      onRunning: (names) => (names.length > 0 ? line.show(`Checking ${names.join(', ')} …`) : line.clear()),
      onFinished: (examination) => {
        line.clear();
        process.stdout.write(examinationAsText(examination, paint));
      },
    });
    endWith(verdictAsText(examinations, isGoLive, paint), examinations);
  }
} catch (error) {
  exitWith(error, 'Doctor stopped.');
}
