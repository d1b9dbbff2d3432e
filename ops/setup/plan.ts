import { type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, type Problem } from '#runtime/errors.js';
import { generatedSecrets, generateSecrets } from './generate-secrets.js';
import { addressableSubgraphs, settings } from './settings-list.js';

export interface Change {
  name: string;
  /** undefined = not set. */
  before: string | undefined;
  /** undefined = removed. */
  after: string | undefined;
  /** Of a value that was not given. */
  origin?: 'generated' | 'adopted';
}

export interface Plan {
  values: Record<string, string>;
  changes: Change[];
  unchanged: number;
}

export interface PlanOptions {
  existing: Environment;
  /** An empty value removes a variable, an absent one keeps it. */
  answers: Environment;
  envFile: string;
  /** Whether docker compose runs the services and sets their addresses. */
  hasCompose: boolean;
}

function onlyGiven(values: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));
}

/** Keeps replaced signing secrets as previous ones. */
function keepOldSecrets(existing: Environment, values: Record<string, string>): void {
  for (const name of ['JWT_SECRET', 'INTERNAL_JWT_SECRET']) {
    const old = existing[name];
    if (old && old !== values[name]) values[`${name}_PREVIOUS`] = old;
  }
}

/** Keeps a replaced encryption key for decryption. */
function keepOldKey(existing: Environment, values: Record<string, string>): void {
  const old = existing.TOKEN_ENCRYPTION_KEY;
  const previous = (values.TOKEN_ENCRYPTION_KEY_PREVIOUS ?? '').split(',').flatMap((key) => key.trim() || []);
  if (!old || old === values.TOKEN_ENCRYPTION_KEY || previous.includes(old)) return;
  values.TOKEN_ENCRYPTION_KEY_PREVIOUS = [old, ...previous].join(',');
}

/** Returns the problems that would prevent a process from starting. */
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

/** Returns the file's new values: the existing ones, the answers and missing secrets. */
export function makePlan({ existing, answers, envFile, hasCompose }: PlanOptions): Plan {
  const values = onlyGiven({ ...existing, ...answers });
  // A generated secret can be replaced but not removed: a new one would be generated.
  for (const name of generatedSecrets) if (existing[name]) values[name] ??= existing[name];
  // Containers and a database of its own begin without data: the keys of the demo would only be known to more people.
  const hasSameDatabase = values.DATABASE_URL === (existing.DATABASE_URL || undefined);
  const { values: missing, adopted } = generateSecrets(values, {
    envFile,
    hasCompose,
    keepsData: !hasCompose && hasSameDatabase,
  });
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
