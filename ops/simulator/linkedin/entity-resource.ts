import { createHash } from 'node:crypto';
import { invalidParameter, LinkedinError, notFound } from './linkedin-error.js';
import { readProjection } from './projection.js';
import { checkKind, type RestCall } from './rest-call.js';
import type { RestliRecord, RestliValue } from './restli/parse-value.js';
import { checkNames, type RestliQuery } from './restli/query.js';
import { readBoolean, readChoice, readId, readInteger, readList, readRecord, readText } from './restli/read-value.js';

/** A field of `search`: any of some values, or a boolean. */
type SearchField<Item> =
  | { of: (item: Item) => string; read: (value: RestliValue, path: string) => string }
  | { of: (item: Item) => boolean };

/** An entity type with finder, get and batch get. */
export interface EntityKind<Item> {
  /** Every entity below the call's path the caller has access to. */
  list(call: RestCall): readonly Item[];
  /** Throws 404 or 403. */
  get(id: string, call: RestCall): Item;
  id(item: Item): string;
  print(item: Item): Record<string, unknown>;
  search: Readonly<Record<string, SearchField<Item>>>;
  /** Given where the finder is `criteria`, whose fields are parameters of their own: `campaigns=List(…)`. */
  isCriteria?: boolean;
  /** 1,000 unless given. */
  maxPageSize?: number;
  /** A number unless given. */
  readId?(value: RestliValue, path: string): string;
}

const SEARCH_PARAMETERS = ['q', 'sortOrder', 'pageSize', 'pageToken', 'fields'];

/** Answers a finder, get or batch get; `rest` is the path after the resource's name. */
export function answerEntities<Item>(kind: EntityKind<Item>, call: RestCall, rest: string[]): unknown {
  const [id, ...more] = rest;
  if (more.length > 0) throw notFound(`/${call.segments.join('/')}`);
  if (id !== undefined) return get(kind, call, id);
  return call.query.has('ids') ? batchGet(kind, call) : search(kind, call);
}

function get<Item>(kind: EntityKind<Item>, call: RestCall, id: string): unknown {
  checkKind(call, 'get');
  checkNames(call.query, ['fields']);
  return readProjection(call.query)(kind.print(kind.get((kind.readId ?? readId)(id, 'id'), call)));
}

// https://linkedin.github.io/rest.li/spec/protocol#batch-get
function batchGet<Item>(kind: EntityKind<Item>, call: RestCall): unknown {
  checkKind(call, 'batch_get');
  checkNames(call.query, ['ids', 'fields']);
  const ids = readList(call.query.get('ids') ?? '', 'ids').map((id, n) => (kind.readId ?? readId)(id, `ids[${n}]`));
  if (ids.length === 0) throw invalidParameter('ids', 'Expected at least one id');
  const project = readProjection(call.query);
  const results: Record<string, unknown> = {};
  const statuses: Record<string, number> = {};
  const errors: Record<string, unknown> = {};
  for (const id of new Set(ids)) {
    try {
      results[id] = project(kind.print(kind.get(id, call)));
      statuses[id] = 200;
    } catch (error) {
      if (!(error instanceof LinkedinError) || !isAboutOne(error)) throw error;
      errors[id] = error.body();
    }
  }
  return { results, statuses, errors };
}

function search<Item>(kind: EntityKind<Item>, call: RestCall): unknown {
  checkKind(call, 'finder');
  const own = kind.isCriteria ? Object.keys(kind.search) : ['search'];
  checkNames(call.query, [...SEARCH_PARAMETERS, ...own], ['q']);
  readChoice(call.query.get('q') ?? '', 'q', [kind.isCriteria ? 'criteria' : 'search']);
  const order = readChoice(call.query.get('sortOrder') ?? 'ASCENDING', 'sortOrder', ['ASCENDING', 'DESCENDING']);
  const accepts = kind.isCriteria ? readCriteria(call.query, kind.search) : readSearch(call.query, kind.search);
  const project = readProjection(call.query);
  const found = kind
    .list(call)
    .filter(accepts)
    .toSorted((a, b) => compareIds(kind.id(a), kind.id(b)));
  if (order === 'DESCENDING') found.reverse();
  return pageOf(found, call, kind.maxPageSize ?? MAX_SIZE, (item) => project(kind.print(item)));
}

function isAboutOne({ facts }: LinkedinError): boolean {
  return facts.status === 404 || facts.status === 403;
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/** Reads `search=(status:(values:List(ACTIVE)),test:false)`; without it, everything matches. */
function readSearch<Item>(
  query: RestliQuery,
  fields: Readonly<Record<string, SearchField<Item>>>,
): (item: Item) => boolean {
  const search = query.get('search');
  if (search === undefined) return () => true;
  const wanted: RestliRecord = readRecord(search, 'search', Object.keys(fields));
  const predicates = Object.entries(wanted).flatMap(([name, value]) => {
    const field = fields[name];
    return field ? [predicateOf(field, value, `search.${name}`)] : [];
  });
  return (item) => predicates.every((accepts) => accepts(item));
}

/** Reads `campaigns=List(…)&intendedStatuses=List(ACTIVE)`; without any, everything matches. */
function readCriteria<Item>(
  query: RestliQuery,
  fields: Readonly<Record<string, SearchField<Item>>>,
): (item: Item) => boolean {
  const predicates = Object.entries(fields).flatMap(([name, field]) => {
    const value = query.get(name);
    if (value === undefined) return [];
    if (!('read' in field)) return [predicateOf(field, value, name)];
    const wanted = readList(value, name).map((one, n) => field.read(one, `${name}[${n}]`));
    return [(item: Item) => wanted.includes(field.of(item))];
  });
  return (item) => predicates.every((accepts) => accepts(item));
}

function predicateOf<Item>(field: SearchField<Item>, value: RestliValue, path: string): (item: Item) => boolean {
  if (!('read' in field)) {
    const wanted = readBoolean(value, path);
    return (item) => field.of(item) === wanted;
  }
  const { values = [] } = readRecord(value, path, ['values']);
  const wanted = readList(values, `${path}.values`).map((one, n) => field.read(one, `${path}.values[${n}]`));
  return (item) => wanted.includes(field.of(item));
}

const DEFAULT_SIZE = 100;
const MAX_SIZE = 1_000;

/** The last page has no token: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/pagination */
function pageOf<T>(
  items: readonly T[],
  call: RestCall,
  maxSize: number,
  print: (item: T) => unknown,
): Record<string, unknown> {
  const { query } = call;
  const size = readInteger(query.get('pageSize') ?? String(DEFAULT_SIZE), 'pageSize', 1, maxSize);
  const token = query.get('pageToken');
  const start = token === undefined ? 0 : positionOf(readText(token, 'pageToken'), call);
  const end = start + size;
  return {
    elements: items.slice(start, end).map(print),
    metadata: end < items.length ? { nextPageToken: tokenOf(end, call) } : {},
  };
}

// Only for the same search by the same person.
function tokenOf(position: number, { caller, segments, query }: RestCall): string {
  const authorizeRequest = [
    caller.person.id,
    segments,
    query.get('search') ?? null,
    query.get('campaigns') ?? null,
    query.get('intendedStatuses') ?? null,
    query.get('sortOrder') ?? null,
    position,
  ];
  const seal = createHash('sha256').update(JSON.stringify(authorizeRequest)).digest('base64url').slice(0, 16);
  return `Dg${Buffer.from(`${position}.${seal}`).toString('base64')}`;
}

function positionOf(token: string, call: RestCall): number {
  const [position = ''] = Buffer.from(token.slice(2), 'base64').toString().split('.');
  if (/^\d{1,9}$/.test(position) && tokenOf(Number(position), call) === token) return Number(position);
  throw invalidParameter('pageToken', 'The page token is not one of this search');
}
