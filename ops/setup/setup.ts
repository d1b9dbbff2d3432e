import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from '#runtime/config/config.js';
import { readEnvFile } from '#runtime/config/env-file.js';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith } from '#runtime/process/command-line.js';
import { openPrompter } from './ask.js';
import { type Paint, paintFor } from './colours.js';
import { domainAnswers } from './domain-answers.js';
import { confirm, type Interview, interview } from './interview.js';
import { maskValue } from './mask.js';
import { type Change, findProblems, makePlan, type Plan } from './plan.js';
import { flagOf } from './settings-list.js';
import { readSetupOptions, type SetupOptions, setupHelp } from './setup-options.js';
import { writeEnvFile } from './write-env-file.js';

const MOST_SHOWN = 72;

function shown(name: string, value: string): string {
  const text = maskValue(name, value).replaceAll(/\s+/g, ' ');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function describe({ name, before, after, origin }: Change): string {
  if (after === undefined) return `(was ${shown(name, before ?? '')})`;
  if (origin === 'generated') return '(generated)';
  if (origin === 'adopted') return '(taken over from the data folder)';
  if (before === undefined) return shown(name, after);
  const [from, to] = [shown(name, before), shown(name, after)];
  return from === to ? `${to}, replaced` : `${from} → ${to}`;
}

/** Describes the changes of a plan without secrets. */
function describePlan({ changes, unchanged }: Plan, paint: Paint): string {
  const width = Math.max(0, ...changes.map(({ name }) => name.length));
  const lines = changes.map((change) => {
    const [sign, colour] =
      change.after === undefined
        ? (['-', 'red'] as const)
        : change.before === undefined
          ? (['+', 'green'] as const)
          : (['~', 'yellow'] as const);
    return `  ${paint(colour, sign)} ${change.name.padEnd(width)}  ${describe(change)}`;
  });
  if (unchanged > 0) lines.push(paint('dim', `  ${unchanged} ${unchanged === 1 ? 'stays' : 'stay'} as before`));
  return `${lines.join('\n')}\n`;
}

// `npm run setup`: writes the settings of an installation to `.env`.

const paint = paintFor(process.stdout);
const print = (text: string) => void process.stdout.write(text);

function answersOfFlags(options: SetupOptions, existing: Environment): Interview {
  const { answers, domain, isProduction, hasCompose } = options;
  const values = { ...existing, ...answers };
  const follows =
    domain === undefined
      ? {}
      : domainAnswers(domain, { values, isProduction: isProduction || values.NODE_ENV === 'production' });
  return { answers: { ...follows, ...answers }, hasCompose: hasCompose || !!existing.POSTGRES_PASSWORD };
}

function refuseProblems(values: Environment, hasCompose: boolean): void {
  const problems = findProblems(values, hasCompose).map(({ argument, problem }) => {
    const flag = argument === 'ALLOWED_ORIGINS' ? 'domain' : flagOf(argument);
    return `  - ${argument} ${problem} (--${flag})`;
  });
  if (problems.length > 0) {
    throw new ConfigurationError(`Nothing was written, because a process would not start:\n${problems.join('\n')}`);
  }
}

function write(file: string, plan: Plan): void {
  const backup = writeEnvFile(file, plan.values, new Date());
  print(`\n${paint('green', 'Written:')} ${file}, readable by its owner only.\n`);
  if (backup) print(`The file before is kept as ${backup}: remove it when you no longer need it.\n`);
  const generated = plan.changes.filter(({ origin }) => origin === 'generated').map(({ name }) => name);
  const precious = ['TOKEN_ENCRYPTION_KEY', 'BACKUP_ENCRYPTION_KEY'].filter((name) => generated.includes(name));
  if (precious.length > 0) {
    print(`Keep a copy of ${precious.join(' and ')} somewhere else: what they seal cannot be read without them.\n`);
  }
}

function printNextSteps(values: Environment, hasCompose: boolean): void {
  const doctor = `npm run doctor${values.NODE_ENV === 'production' ? ' -- --production' : ''}`;
  const start = hasCompose ? 'docker compose up --build' : 'npm start';
  const steps = hasCompose ? [start] : [doctor, start];
  print(
    `\nNext: ${steps.map((step) => paint('bold', step)).join(', then ')}. Processes that run now keep what they read.\n`,
  );
}

async function runInteractively(file: string, existing: Environment, flags: Environment): Promise<void> {
  const prompter = openPrompter(process.stdin, process.stdout);
  try {
    print(paint('bold', 'Setting WebMetrics up\n'));
    print(`Press Enter to take what stands in brackets. Nothing is written before you have seen all of it.\n\n`);
    const { answers, hasCompose } = await interview(prompter, paint, { ...existing, ...flags });
    const plan = makePlan({ existing, answers, envFile: file, hasCompose });
    refuseProblems(plan.values, hasCompose);
    const isNew = !existsSync(file);
    if (plan.changes.length === 0) return print(`\n${file} is as you want it: nothing to write.\n`);
    print(`\n${isNew ? `${file} will be made:` : `${file} will change:`}\n\n${describePlan(plan, paint)}\n`);
    if (!(await confirm(prompter, paint, isNew ? 'Write it?' : 'Change it?', isNew)))
      return print('Nothing was written.\n');
    write(file, plan);
    printNextSteps(plan.values, hasCompose);
  } finally {
    prompter.close();
  }
}

function runSilently(file: string, existing: Environment, options: SetupOptions): void {
  const { answers, hasCompose } = answersOfFlags(options, existing);
  const plan = makePlan({ existing, answers, envFile: file, hasCompose });
  refuseProblems(plan.values, hasCompose);
  if (plan.changes.length === 0) {
    print(`${file} is as you want it: nothing to write.\n`);
    return;
  }
  const isNew = !existsSync(file);
  print(`${isNew ? `${file}:` : `Changes to ${file}:`}\n\n${describePlan(plan, paint)}`);
  if (!isNew && !options.isForced) {
    throw new ConfigurationError(`Nothing was written, because ${file} is there already: add --force to change it.`);
  }
  write(file, plan);
  printNextSteps(plan.values, hasCompose);
}

try {
  const options = readSetupOptions();
  const file = resolve(options.file);
  if (options.hasHelp) print(setupHelp());
  else if (options.isSilent) runSilently(file, readEnvFile(file), options);
  else await runInteractively(file, readEnvFile(file), options.answers);
} catch (error) {
  exitWith(error, 'Setup stopped.');
}
