import { type Environment, readEnvironment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import { readCommandLine } from '#runtime/process/command-line.js';
import { hasCredentials } from './mask.js';
import { readSecretFlag } from './secret-flag.js';
import { flagOf, type Section, sections, settings } from './settings-list.js';

/** The command line of `npm run setup`. */
export interface SetupOptions {
  hasHelp: boolean;
  /** Whether the flags are the answers, without prompts. */
  isSilent: boolean;
  /** Whether an existing file may be changed without confirmation. */
  isForced: boolean;
  isProduction: boolean;
  hasCompose: boolean;
  file: string;
  domain: string | undefined;
  /** An empty value removes the variable. */
  answers: Environment;
}

const own = {
  help: { type: 'boolean', short: 'h' },
  yes: { type: 'boolean', short: 'y' },
  force: { type: 'boolean' },
  production: { type: 'boolean' },
  compose: { type: 'boolean' },
  file: { type: 'string' },
  domain: { type: 'string' },
} as const;

const STANDARD_INPUT = '@-';

function readValue(setting: Section['settings'][number], given: string, environment: Environment): string {
  const { name, isSecret = false, hasPassword = false } = setting;
  if (!isSecret && !hasPassword) return given;
  const flag = `--${flagOf(name)}`;
  return readSecretFlag({
    flag,
    given,
    variable: name,
    isSecret: isSecret || hasCredentials(given),
    environment,
  });
}

/** Parses the command line. Throws ConfigurationError for unknown flags, and as `readSecretFlag` does. */
export function readSetupOptions(): SetupOptions {
  const variables = Object.fromEntries(settings.map(({ name }) => [flagOf(name), { type: 'string' as const }]));
  const { flags, words } = readCommandLine<string>({ ...own, ...variables });
  if (words.length > 0) throw new ConfigurationError(`"${words[0]}" is not a flag: --help lists them all.`);
  const given = settings.flatMap((setting) => {
    const value = flags[flagOf(setting.name)]?.trim();
    return value === undefined ? [] : [{ setting, value }];
  });
  if (given.filter(({ value }) => value === STANDARD_INPUT).length > 1)
    throw new ConfigurationError('Only one flag can be @-: there is one standard input.');
  const environment = readEnvironment();
  const answers = Object.fromEntries(
    given.map(({ setting, value }) => [setting.name, readValue(setting, value, environment)]),
  );
  const isProduction = !!flags.production || !!flags.compose;
  return {
    hasHelp: !!flags.help,
    isSilent: !!flags.yes,
    isForced: !!flags.force,
    isProduction,
    hasCompose: !!flags.compose,
    file: flags.file ?? '.env',
    domain: flags.domain,
    answers: isProduction ? { ...answers, NODE_ENV: 'production' } : answers,
  };
}

/** Returns the text of `--help`. */
export function setupHelp(): string {
  const line = (flag: string, purpose: string) => `  --${flag.padEnd(30)} ${purpose}`;
  return [
    'npm run setup                    asks for the settings of an installation and writes them to .env',
    'npm run setup -- --yes [flags]   asks nothing: the flags are the answers',
    '',
    line('yes', 'ask nothing'),
    line('force', 'with --yes: change a file that is there already; the one before is kept beside it'),
    line('production', 'for production: everything it refuses to start without is needed'),
    line('compose', 'for docker compose, which brings the services: production, with passwords for them'),
    line('domain metrics.example.com', 'PUBLIC_URL and ALLOWED_ORIGINS follow from it'),
    line('file .env', 'the file to write'),
    line('help', 'this text'),
    '',
    'Every variable has a flag; an empty value takes it out. Secrets that are needed and not given are generated; those',
    'the file has already are kept. A secret is given as @file, as @- (standard input) or as @env (its variable in the',
    'environment): on a command line of npm it would be shown and logged, and is refused.',
    ...sections.flatMap(({ title, settings: listed }) => [
      '',
      `${title}:`,
      ...listed.map(({ name, purpose }) => line(flagOf(name), purpose)),
    ]),
    '',
  ].join('\n');
}
