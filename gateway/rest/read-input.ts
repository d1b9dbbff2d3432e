import { getNullableType, isListType, isNonNullType } from 'graphql';
import { InvalidInput, MAX_PROBLEMS, type Problem } from '#runtime/errors.js';
import { apiSchema } from './api-schema.js';
import { checkValue, describeUnknown, valueOfText } from './check-value.js';
import type { Parameter, ResourceInput } from './parameters.js';

/** A request, as far as it becomes variables. */
export interface RequestInput {
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  /** undefined = none was sent. */
  body: unknown;
}

/** What a request asks of a resource. */
export interface Asked {
  variables: Record<string, unknown>;
  /** A word for days, as a value of the enum `Period`; undefined when they are given. */
  period?: string;
  /** `name,metrics.clicks`; undefined = everything. */
  fields?: string;
  /** Whether the client wants to be redirected. */
  isRedirected: boolean;
}

/** Parameters of the query that become no variable. */
export interface QueryExtras {
  hasFields: boolean;
  canRedirect: boolean;
}

const DAYS = ['start', 'end'];
const MAX_NAME_LENGTH = 100;

function periodWords(): string[] {
  const type = apiSchema().getType('Period');
  return type && 'getValues' in type ? type.getValues().map(({ name }) => name.toLowerCase()) : [];
}

/** The words for days that `period` takes: `last_30d`. */
export const periods: readonly string[] = periodWords();

/** Returns the value of a parameter of the query or the path; problems are added. */
function readText({ name, type }: Parameter, given: string | string[], problems: Problem[]): unknown {
  const texts = [given].flat();
  if (texts.includes('')) problems.push({ argument: name, problem: 'is empty' });
  else if (isListType(getNullableType(type))) return texts.map((text) => valueOfText(type, text));
  else if (texts.length > 1) problems.push({ argument: name, problem: 'is given more than once' });
  else return valueOfText(type, texts[0] as string);
  return undefined;
}

/** Returns one text of the query; undefined when it is absent or wrong. */
function readOne(name: string, given: string | string[] | undefined, problems: Problem[]): string | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) problems.push({ argument: name, problem: 'is given more than once' });
  else if (given === '') problems.push({ argument: name, problem: 'is empty' });
  else return given;
  return undefined;
}

function put(variables: Record<string, unknown>, [variable, ...fields]: Parameter['place'], value: unknown): void {
  const [field] = fields;
  if (field === undefined) variables[variable] = value;
  else variables[variable] = { ...(variables[variable] as object | undefined), [field]: value };
}

function bodyOf(body: unknown): Record<string, unknown> {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new InvalidInput([{ argument: 'body', problem: 'must be a JSON object' }]);
}

/** Returns the problems of names that are not known, so many that an answer stays small. */
function unknownIn(given: object, known: readonly string[]): Problem[] {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return unknown
    .slice(0, MAX_PROBLEMS)
    .map((name) => ({ argument: name.slice(0, MAX_NAME_LENGTH), problem: describeUnknown(name, known) }));
}

/** Whether a parameter is required once another field of its variable is given. */
const completes = ({ place, type, defaultValue }: Parameter) =>
  place.length > 1 && isNonNullType(type) && defaultValue === undefined;

/** Returns the reader of requests of a resource. It throws InvalidInput with every problem at once. */
export function createReadInput(
  { parameters, periodOf, isPaged }: ResourceInput,
  fixed: Readonly<Record<string, unknown>>,
  { hasFields, canRedirect }: QueryExtras,
): (request: RequestInput) => Asked {
  const inBody = parameters.some((parameter) => parameter.in === 'body');
  const isDay = ({ place: [variable, field = ''] }: Parameter) => variable === periodOf && DAYS.includes(field);
  const namesIn = (where: Parameter['in']) => parameters.filter((one) => one.in === where).map(({ name }) => name);
  const extras = [hasFields && 'fields', canRedirect && 'redirect', isPaged && 'limit'].filter(
    (name) => name !== false,
  );
  const period = periodOf ? ['period'] : [];
  const inQuery = [...namesIn('query'), ...(inBody ? [] : period), ...extras];
  const ofBody = [...namesIn('body'), ...(inBody ? period : [])];

  return ({ params, query, body: givenBody }) => {
    const problems: Problem[] = [];
    const body = bodyOf(givenBody);
    problems.push(...unknownIn(query, inQuery), ...unknownIn(body, ofBody));
    const word = inBody ? body.period : readOne('period', query.period, problems);
    const hasPeriod = periodOf !== undefined && (inBody ? Object.hasOwn(body, 'period') : query.period !== undefined);
    if (hasPeriod && word !== undefined && !periods.includes(word as string)) {
      problems.push({ argument: 'period', problem: `must be one of ${periods.join(', ')}` });
    }
    const variables: Record<string, unknown> = { ...fixed };
    const missing: Parameter[] = [];
    for (const parameter of parameters) {
      const { name, in: where, type } = parameter;
      const isLimit = isPaged && name === 'first' && query.limit !== undefined;
      if (isLimit && query.first !== undefined) {
        problems.push({ argument: 'limit', problem: 'cannot be combined with first' });
      }
      const shown = isLimit ? 'limit' : name;
      const source: Record<string, unknown> = where === 'body' ? body : where === 'path' ? params : query;
      if (!Object.hasOwn(source, shown)) {
        missing.push(parameter);
        continue;
      }
      const given = source[shown];
      if (hasPeriod && isDay(parameter)) {
        problems.push({ argument: name, problem: 'cannot be combined with period' });
        continue;
      }
      const named = { ...parameter, name: shown };
      const value = where === 'body' ? given : readText(named, given as string | string[], problems);
      if (value === undefined) continue;
      const wrong = checkValue(type, value, shown);
      problems.push(...wrong.slice(0, MAX_PROBLEMS));
      if (wrong.length === 0) put(variables, parameter.place, value);
    }
    for (const parameter of missing) {
      const { name, isRequired, place } = parameter;
      if (isDay(parameter)) {
        if (!hasPeriod) problems.push({ argument: name, problem: 'is missing: send startDate and endDate, or period' });
      } else if (isRequired || (completes(parameter) && variables[place[0]] !== undefined)) {
        problems.push({ argument: name, problem: 'is missing' });
      }
    }
    const redirect = canRedirect ? readOne('redirect', query.redirect, problems) : undefined;
    if (redirect !== undefined && !['true', 'false'].includes(redirect)) {
      problems.push({ argument: 'redirect', problem: 'must be true or false' });
    }
    const fields = hasFields ? readOne('fields', query.fields, problems) : undefined;
    if (problems.length > 0) throw new InvalidInput(problems);
    return {
      variables,
      period: hasPeriod ? (word as string).toUpperCase() : undefined,
      fields,
      isRedirected: redirect === 'true',
    };
  };
}
