import type { EntityKind } from './entity-kind.js';
import { invalidParameter, LinkedinError, notFound } from './linkedin-error.js';
import { pageOf } from './page.js';
import { readProjection } from './projection.js';
import { checkKind, type RestCall } from './rest-call.js';
import { checkNames } from './restli/query.js';
import { readChoice, readId, readList } from './restli/read-value.js';
import { readSearch } from './search.js';

const SEARCH_PARAMETERS = ['q', 'search', 'sortOrder', 'pageSize', 'pageToken', 'fields'];

/** Answers a search, a get or a batch get; `rest` is what follows the resource's name in the path. */
export function answerEntities<Item>(kind: EntityKind<Item>, call: RestCall, rest: string[]): unknown {
  const [id, ...more] = rest;
  if (more.length > 0) throw notFound(`/${call.segments.join('/')}`);
  if (id !== undefined) return get(kind, call, id);
  return call.query.has('ids') ? batchGet(kind, call) : search(kind, call);
}

function get<Item>(kind: EntityKind<Item>, call: RestCall, id: string): unknown {
  checkKind(call, 'get');
  checkNames(call.query, ['fields']);
  return readProjection(call.query)(kind.print(kind.get(readId(id, 'id'), call)));
}

// https://linkedin.github.io/rest.li/spec/protocol#batch-get
function batchGet<Item>(kind: EntityKind<Item>, call: RestCall): unknown {
  checkKind(call, 'batch_get');
  checkNames(call.query, ['ids', 'fields']);
  const ids = readList(call.query.get('ids') ?? '', 'ids').map((id, n) => readId(id, `ids[${n}]`));
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
  checkNames(call.query, SEARCH_PARAMETERS, ['q']);
  readChoice(call.query.get('q') ?? '', 'q', ['search']);
  const order = readChoice(call.query.get('sortOrder') ?? 'ASCENDING', 'sortOrder', ['ASCENDING', 'DESCENDING']);
  const accepts = readSearch(call.query, kind.search);
  const project = readProjection(call.query);
  const found = kind
    .list(call)
    .filter(accepts)
    .toSorted((a, b) => compareIds(kind.id(a), kind.id(b)));
  if (order === 'DESCENDING') found.reverse();
  return pageOf(found, call, (item) => project(kind.print(item)));
}

function isAboutOne({ facts }: LinkedinError): boolean {
  return facts.status === 404 || facts.status === 403;
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
