import { type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, type Problem } from '#runtime/errors.js';
import { generatedSecrets, generateSecrets } from './generate-secrets.js';
import { addressableSubgraphs, settings } from './settings-list.js';

/** What becomes of one variable. */
export interface Change {
  name: string;
  /** undefined = it was not set. */
  before: string | undefined;
  /** undefined = it is not set any more. */
  after: string | undefined;
  /** How a value nobody gave came about. */
  origin?: 'generated' | 'adopted';
}

/** What a file will hold, and what that changes. */
export interface Plan {
  values: Record<string, string>;
  changes: Change[];
  /** How many variables stay as they are. */
  unchanged: number;
}

export interface PlanOptions {
  /** The variables of the file there is, if any. */
  existing: Environment;
  /** What was answered; an empty value takes a variable out, an absent one leaves it as it is. */
  answers: Environment;
  envFile: string;
  /** Whether docker compose brings the services: their addresses are set there. */
  hasCompose: boolean;
}

function onlyGiven(values: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));
}

/** Lets the secrets that are replaced go on vouching for what they signed. */
function keepOldSecrets(existing: Environment, values: Record<string, string>): void {
  for (const name of ['JWT_SECRET', 'INTERNAL_JWT_SECRET']) {
    const old = existing[name];
    if (old && old !== values[name]) values[`${name}_PREVIOUS`] = old;
  }
}

/** Lets the key that is replaced go on opening what it sealed. */
function keepOldKey(existing: Environment, values: Record<string, string>): void {
  const old = existing.TOKEN_ENCRYPTION_KEY;
  const previous = (values.TOKEN_ENCRYPTION_KEY_PREVIOUS ?? '').split(',').flatMap((key) => key.trim() || []);
  if (!old || old === values.TOKEN_ENCRYPTION_KEY || previous.includes(old)) return;
  values.TOKEN_ENCRYPTION_KEY_PREVIOUS = [old, ...previous].join(',');
}

/** Returns what is wrong with these values, by variable; nothing when a process would start with them. */
export function findProblems(values: Environment, hasCompose: boolean): Problem[] {
  const compose = hasCompose ? { DATABASE_URL: 'postgres://postgres:5432/webmetrics' } : {};
  try {
    parseConfig({ ...values, ...compose }, addressableSubgraphs);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError && error.details) return error.details;
    throw error;
  }
}

/** Returns what the file will hold: what it holds now, the answers, and every secret it lacks. */
export function makePlan({ existing, answers, envFile, hasCompose }: PlanOptions): Plan {
  const values = onlyGiven({ ...existing, ...answers });
  // Such a secret is replaced by another that is given, never taken out: a new one nobody asked for would follow.
  for (const name of generatedSecrets) if (existing[name]) values[name] ??= existing[name];
  const { values: missing, adopted } = generateSecrets(values, envFile, hasCompose);
  Object.assign(values, missing);
  keepOldKey(existing, values);
  keepOldSecrets(existing, values);
  const known = settings.map(({ name }) => name);
  const names = [...known, ...Object.keys({ ...existing, ...values }).filter((name) => !known.includes(name))];
  const changes = names.flatMap((name): Change[] => {
    const [before, after] = [existing[name] || undefined, values[name]];
    if (before === after) return [];
    const origin = adopted.includes(name) ? 'adopted' : name in missing ? 'generated' : undefined;
    return [{ name, before, after, origin }];
  });
  const unchanged = Object.keys(values).length - changes.filter(({ after }) => after !== undefined).length;
  return { values, changes, unchanged };
}
