import { getNamedType, getNullableType, isEnumType, isListType, isNonNullType } from 'graphql';
import { InvalidInput, MAX_PROBLEMS, type Problem } from '#runtime/errors.js';
import { checkValue, describeUnknown, valueOfText } from './check-value.js';
import type { Parameter, ResourceInput } from './parameters.js';
import { periodOfWord, periodWords } from './period-words.js';

/** A request, as far as it becomes variables. */
export interface RequestInput {
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  /** undefined = none was sent. */
  body: unknown;
}

/** A request, parsed for its resource. */
export interface ParsedRequest {
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

/** Words may be given in one parameter, separated by commas. */
const textsOf = (type: Parameter['type'], texts: string[]) =>
  isEnumType(getNamedType(type)) ? texts.flatMap((text) => text.split(',')) : texts;

/** Returns the value of a parameter of the query or the path; problems are added. */
function readText({ name, type }: Parameter, given: string | string[], problems: Problem[]): unknown {
  const texts = [given].flat();
  if (texts.includes('')) problems.push({ argument: name, problem: 'is empty' });
  else if (isListType(getNullableType(type))) return textsOf(type, texts).map((text) => valueOfText(type, text));
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

/** What a resource takes, as its reader needs it. */
interface KnownInput extends ResourceInput, QueryExtras {
  /** Whether `period` is in the body. */
  inBody: boolean;
  queryNames: string[];
  bodyNames: string[];
}

function knownInput(input: ResourceInput, extras: QueryExtras): KnownInput {
  const { parameters, periodOf, isPaged } = input;
  const inBody = parameters.some((parameter) => parameter.in === 'body');
  const namesIn = (where: Parameter['in']) => parameters.filter((one) => one.in === where).map(({ name }) => name);
  const period = periodOf ? ['period'] : [];
  const others = [extras.hasFields && 'fields', extras.canRedirect && 'redirect', isPaged && 'limit'];
  return {
    ...input,
    ...extras,
    inBody,
    queryNames: [...namesIn('query'), ...(inBody ? [] : period), ...others.filter((name) => name !== false)],
    bodyNames: [...namesIn('body'), ...(inBody ? period : [])],
  };
}

type Given = Omit<RequestInput, 'body'> & { body: Record<string, unknown> };

/** Returns the value of the enum `Period`; undefined when no word for days is given, or a problem was added. */
function readPeriod({ periodOf, inBody }: KnownInput, { query, body }: Given, problems: Problem[]): string | undefined {
  if (periodOf === undefined || (inBody && !Object.hasOwn(body, 'period'))) return undefined;
  const word = inBody ? body.period : readOne('period', query.period, problems);
  if (word === undefined) return undefined;
  const period = periodOfWord(word);
  if (!period) problems.push({ argument: 'period', problem: `must be one of ${periodWords().join(', ')}` });
  return period;
}

/** Returns the variables that the parameters give; adds the problems of their values, and of those that are missing. */
function readVariables(
  { parameters, periodOf, periodVariable, isPaged }: KnownInput,
  { params, query, body }: Given,
  hasPeriod: boolean,
  problems: Problem[],
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  const missing: Parameter[] = [];
  const isDay = ({ place: [variable, field = ''] }: Parameter) => variable === periodOf && DAYS.includes(field);
  for (const parameter of parameters) {
    const { in: where, type } = parameter;
    const isLimit = isPaged && parameter.name === 'first' && query.limit !== undefined;
    if (isLimit && query.first !== undefined) {
      problems.push({ argument: 'limit', problem: 'cannot be combined with first' });
    }
    const name = isLimit ? 'limit' : parameter.name;
    const source: Record<string, unknown> = where === 'body' ? body : where === 'path' ? params : query;
    if (!Object.hasOwn(source, name)) {
      missing.push(parameter);
      continue;
    }
    if (hasPeriod && isDay(parameter)) {
      problems.push({ argument: name, problem: 'cannot be combined with period' });
      continue;
    }
    const given = source[name];
    const value = where === 'body' ? given : readText({ ...parameter, name }, given as string | string[], problems);
    if (value === undefined) continue;
    const invalid = checkValue(type, value, name);
    problems.push(...invalid.slice(0, MAX_PROBLEMS));
    if (invalid.length === 0) put(variables, parameter.place, value);
  }
  for (const parameter of missing) {
    const { name, isRequired, place } = parameter;
    if (isDay(parameter) && isRequired && !periodVariable) {
      if (!hasPeriod) problems.push({ argument: name, problem: 'is missing: send startDate and endDate, or period' });
    } else if (isRequired || (completes(parameter) && variables[place[0]] !== undefined)) {
      problems.push({ argument: name, problem: 'is missing' });
    }
  }
  return variables;
}

function readRedirect({ canRedirect }: KnownInput, { query }: Given, problems: Problem[]): boolean {
  const redirect = canRedirect ? readOne('redirect', query.redirect, problems) : undefined;
  if (redirect !== undefined && !['true', 'false'].includes(redirect)) {
    problems.push({ argument: 'redirect', problem: 'must be true or false' });
  }
  return redirect === 'true';
}

/** Returns the reader of requests of a resource. It throws InvalidInput with every problem at once. */
export function createReadInput(
  input: ResourceInput,
  fixed: Readonly<Record<string, unknown>>,
  extras: QueryExtras,
): (request: RequestInput) => ParsedRequest {
  const known = knownInput(input, extras);
  return (request) => {
    const given: Given = { ...request, body: bodyOf(request.body) };
    const { query, body } = given;
    const problems = [...unknownIn(query, known.queryNames), ...unknownIn(body, known.bodyNames)];
    const period = readPeriod(known, given, problems);
    const hasPeriod = known.periodOf !== undefined && Object.hasOwn(known.inBody ? body : query, 'period');
    const variables = readVariables(known, given, hasPeriod, problems);
    const isRedirected = readRedirect(known, given, problems);
    const fields = known.hasFields ? readOne('fields', query.fields, problems) : undefined;
    if (problems.length > 0) throw new InvalidInput(problems.slice(0, MAX_PROBLEMS));
    return { variables: { ...fixed, ...variables }, period, fields, isRedirected };
  };
}
