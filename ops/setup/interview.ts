import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { Prompter } from './ask.js';
import type { Paint } from './colours.js';
import { domainAnswers } from './domain-answers.js';
import { maskValue } from './mask.js';
import { findProblems } from './plan.js';
import { type Known, type Question, questions } from './questions.js';

export interface Interview {
  answers: Environment;
  hasCompose: boolean;
}

interface Prompt {
  text: string;
  fallback?: string;
  /** The displayed fallback; absent = as it is. */
  shown?: string;
  isHidden?: boolean;
  check(answer: string): string | undefined;
}

async function askFor(prompter: Prompter, paint: Paint, prompt: Prompt): Promise<string> {
  const { text, fallback, shown = fallback, isHidden, check } = prompt;
  for (;;) {
    const given = await prompter.ask(`${text}${shown ? paint('dim', ` [${shown}]`) : ''}: `, { isHidden });
    const answer = given || fallback || '';
    const problem = check(answer);
    if (!problem) return answer;
    prompter.print(paint('yellow', `  ${problem}\n`));
  }
}

/** Asks a yes-or-no question. */
export async function confirm(prompter: Prompter, paint: Paint, text: string, isYes: boolean): Promise<boolean> {
  const answer = await askFor(prompter, paint, {
    text,
    fallback: isYes ? 'yes' : 'no',
    check: (given) => (/^(y|yes|n|no)$/i.test(given) ? undefined : 'Say yes or no.'),
  });
  return /^y/i.test(answer);
}

/** Applies the validation of process start to one variable. */
function problemWith(name: string, value: string, { values }: Known): string | undefined {
  const found = findProblems({ NODE_ENV: values.NODE_ENV, [name]: value }, false).find(
    ({ argument }) => argument === name,
  );
  return found && `${name} ${found.problem}.`;
}

function domainProblem(domain: string, known: Known): string | undefined {
  try {
    domainAnswers(domain, known);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

const NOTHING = '-';

async function askQuestion(prompter: Prompter, paint: Paint, question: Question, known: Known): Promise<void> {
  const { name, text, isHidden } = question;
  const current = known.values[name] || undefined;
  const isRequired = question.isRequired?.(known) ?? false;
  const fallback = current ?? question.suggestion?.(known);
  const canBeTakenOut = current !== undefined && !isRequired;
  const answer = await askFor(prompter, paint, {
    text: canBeTakenOut ? `${text}; ${NOTHING} for none` : text,
    fallback,
    shown: current && maskValue(name, current),
    isHidden,
    check: (given) => {
      if (given === NOTHING && canBeTakenOut) return undefined;
      if (!given) return isRequired ? 'This is needed.' : undefined;
      return problemWith(name, given, known);
    },
  });
  known.values[name] = answer === NOTHING && canBeTakenOut ? '' : answer;
}

function currentDomain({ PUBLIC_URL }: Environment): string {
  if (!PUBLIC_URL || !URL.canParse(PUBLIC_URL)) return 'localhost';
  const { protocol, host, hostname, origin } = new URL(PUBLIC_URL);
  if (hostname === 'localhost') return hostname;
  return protocol === 'https:' ? host : origin;
}

/** Asks for all settings, with the current ones as defaults. */
export async function interview(prompter: Prompter, paint: Paint, existing: Environment): Promise<Interview> {
  const values: Environment = { ...existing };
  const isNew = Object.keys(existing).length === 0;
  const isProduction = await confirm(
    prompter,
    paint,
    'Is this installation for production?',
    isNew || existing.NODE_ENV === 'production',
  );
  const hasCompose =
    isProduction &&
    (await confirm(
      prompter,
      paint,
      'Will docker compose run it, with PostgreSQL, Redis and MongoDB of its own?',
      !!existing.POSTGRES_PASSWORD,
    ));
  const known: Known = { values, isProduction, hasCompose };
  if (isProduction) values.NODE_ENV = 'production';
  else if (existing.NODE_ENV === 'production') values.NODE_ENV = '';
  await askQuestion(prompter, paint, { name: 'PORT', text: 'Port of the gateway', suggestion: () => '8080' }, known);
  const domain = await askFor(prompter, paint, {
    text: 'Domain people reach it by',
    fallback: currentDomain(values),
    check: (answer) => domainProblem(answer, known),
  });
  Object.assign(values, domainAnswers(domain, known));
  const origins = 'Origins whose pages may call the API, separated by commas';
  const allowed = { name: 'ALLOWED_ORIGINS', text: origins, isRequired: () => isProduction };
  if (values.ALLOWED_ORIGINS) await askQuestion(prompter, paint, allowed, known);
  for (const question of questions) {
    if (question.isAsked?.(known) ?? true) await askQuestion(prompter, paint, question, known);
  }
  return { answers: values, hasCompose };
}
