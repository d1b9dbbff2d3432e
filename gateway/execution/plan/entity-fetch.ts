import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import { copyJson } from '#gateway/federation/sharing/copy-json.js';
import { type CombinedFetch, combineFetches } from './combine-fetches.js';
import type { Execution, Step } from './execution.js';
import { type Data, mergeData } from './merge-data.js';
import { compileRequires, type Represent } from './representations.js';
import { type FindData, pathsTo } from './response-path.js';
import { compileRewrites, type RewriteData } from './rewrite-data.js';
import { fetchOf } from './root-fetch.js';
import { errorsOf, type Fetch, isRefusal, type SubgraphAnswer, sendFetch, variablesOf } from './send-fetch.js';
import { subgraphError } from './subgraph-error.js';
import type { IsOfType } from './type-conditions.js';

/** A fetch of entities, as the plan has it. */
export interface EntityFetchNode {
  node: FetchNode;
  /** From the root of the answer. */
  path: ResponsePath;
  /** Finds the entities in the part of the tree at which the plan has the fetch. */
  find: FindData;
}

/** Where entities of a fetch are. */
interface Place {
  path: ResponsePath;
  find: FindData;
  represent: Represent;
  rewriteInput: RewriteData | undefined;
}

/** An operation for entities, which may be at several places. */
interface EntityQuery {
  fetch: Fetch;
  places: Place[];
  rewriteOutput: RewriteData | undefined;
}

/** An entity in the tree, to be completed with what the subgraph answers to a representation. */
interface Target {
  entity: Data;
  /** Of the representation, among those that are sent. */
  index: number;
}

/** What a subgraph is asked for one query: each representation once, and the entities of each place that it stands for. */
interface Batch {
  query: EntityQuery;
  representations: Data[];
  targets: Target[][];
}

const TYPENAME = '__typename';

/** Groups the fetches with the same operation: they are sent as one list of representations. */
function queriesOf(nodes: readonly EntityFetchNode[], isOfType: IsOfType): EntityQuery[] {
  const queries = new Map<string, EntityQuery>();
  for (const { node, path, find } of nodes) {
    const { operation, operationName = '', inputRewrites, outputRewrites, requires = [] } = node;
    const place: Place = {
      path,
      find,
      represent: compileRequires(requires, isOfType),
      rewriteInput: compileRewrites(inputRewrites, isOfType),
    };
    const key = JSON.stringify([operation.replace(operationName, ''), outputRewrites ?? []]);
    const known = queries.get(key);
    if (known) known.places.push(place);
    else
      queries.set(key, {
        fetch: fetchOf(node),
        places: [place],
        rewriteOutput: compileRewrites(outputRewrites, isOfType),
      });
  }
  return [...queries.values()];
}

function entitiesAt({ find }: Place, data: unknown): Data[] {
  const found = find(data);
  if (Array.isArray(found)) return found;
  return found ? [found as Data] : [];
}

function batchOf(query: EntityQuery, data: unknown): Batch {
  const representations: Data[] = [];
  const known = new Map<string, number>();
  const targets = query.places.map((place) => {
    const ofPlace: Target[] = [];
    for (const entity of entitiesAt(place, data)) {
      const representation = place.represent(entity);
      if (!representation?.[TYPENAME]) continue;
      place.rewriteInput?.(representation);
      // Rewriting can hide that two entities are of different types.
      const key = JSON.stringify(place.rewriteInput ? [representation, entity[TYPENAME]] : representation);
      let index = known.get(key);
      if (index === undefined) {
        index = representations.push(representation) - 1;
        known.set(key, index);
      }
      ofPlace.push({ entity, index });
    }
    return ofPlace;
  });
  return { query, representations, targets };
}

/** Returns what was answered. Throws for what is not a list of as many entities. */
function entitiesIn(answered: unknown, { representations: { length } }: Batch): Data[] {
  if (!Array.isArray(answered)) throw new Error('Expected "data._entities" in response to be an array');
  if (answered.length === length) return answered;
  throw new Error(`Expected "data._entities" to contain ${length} elements`);
}

/**
 * Completes the entities of one place. Those that another place has as well are copied: what is below one place is completed alike, below
 * another by other fetches. Throws for what is no object.
 */
function completePlace(
  { rewriteOutput }: EntityQuery,
  targets: readonly Target[],
  answered: Data[],
  taken: boolean[],
): void {
  const received = new Map<number, Data>();
  for (const { entity, index } of targets) {
    let own = received.get(index);
    if (!own) {
      const given = answered[index] as Data;
      own = taken[index] ? copyJson(given) : given;
      taken[index] = true;
      if (own && !own[TYPENAME]) own[TYPENAME] = entity[TYPENAME];
      rewriteOutput?.(own);
      received.set(index, own);
    }
    mergeData(entity, own);
  }
}

/** Completes the entities of a batch, place by place, as if each had been asked for alone. */
function completeEntities(batch: Batch, answered: unknown, errors: unknown[]): void {
  const taken: boolean[] = [];
  for (const targets of batch.targets) {
    if (targets.length === 0) continue;
    try {
      completePlace(batch.query, targets, entitiesIn(answered, batch), taken);
    } catch (error) {
      errors.push(error);
    }
  }
}

type PathOfError = readonly (string | number)[];

/** Returns the errors that one of an answer stands for: one for each entity with that representation, or for each place. */
function errorsFor(
  { query: { fetch, places }, targets }: Batch,
  error: NonNullable<SubgraphAnswer['errors']>[number],
  { data }: Execution,
): GraphQLError[] {
  const asked = places.map(({ path }, place) => ({ path, ofPlace: targets[place] ?? [] }));
  const [, index, ...below] = error.path as PathOfError;
  if (typeof index !== 'number') {
    const inSubgraph = ['_entities', ...(error.path as PathOfError).slice(1)];
    return asked
      .filter(({ ofPlace }) => ofPlace.length > 0)
      .map(({ path }) => subgraphError(error, fetch.serviceName, [...path, ...inSubgraph]));
  }
  const errors = asked.flatMap(({ path, ofPlace }) => {
    const paths = ofPlace.some((target) => target.index === index) ? pathsTo(data, path) : [];
    return ofPlace.flatMap((target, position) =>
      target.index === index ? [subgraphError(error, fetch.serviceName, [...(paths[position] ?? []), ...below])] : [],
    );
  });
  return errors.length > 0 ? errors : [subgraphError(error, fetch.serviceName, below)];
}

type NamedBatch = Batch & CombinedFetch['parts'][number];

function takeErrors(answer: SubgraphAnswer, batches: readonly NamedBatch[], execution: Execution): void {
  const errors = errorsOf(answer).flatMap((error) => {
    const { path } = error;
    const named = path && batches.find(({ alias }) => alias === path[0]);
    if (named) return errorsFor(named, error, execution);
    const { query } = batches[0] as NamedBatch;
    const [place] = query.places;
    return [subgraphError(error, query.fetch.serviceName, path && place && [...place.path, ...path])];
  });
  execution.errors.push(...errors);
}

/** Returns the batches that lost their answer by errors of others only. */
function unanswered({ data, errors }: SubgraphAnswer, batches: readonly NamedBatch[]): NamedBatch[] {
  if (data || batches.length === 1 || !errors?.length) return [];
  const failed = new Set<unknown>(errors.map(({ path }) => path?.[0]));
  return [...failed].every((name) => batches.some(({ alias }) => alias === name))
    ? batches.filter(({ alias }) => !failed.has(alias))
    : [];
}

function mergeAnswer({ data }: SubgraphAnswer, batches: readonly NamedBatch[], { errors }: Execution): void {
  if (!data) return;
  for (const batch of batches) completeEntities(batch, data[batch.alias], errors);
}

async function send(
  fetch: Fetch,
  batches: readonly NamedBatch[],
  execution: Execution,
  onRefusal?: () => Promise<void>,
): Promise<void> {
  try {
    const variables = variablesOf(fetch, execution);
    if ('representations' in variables) throw new Error('Variables cannot contain key "representations"');
    for (const { variable, representations } of batches) variables[variable] = representations;
    const [{ query }] = batches as [NamedBatch];
    const answer = await sendFetch(fetch, execution, variables, query.places[0]?.path ?? []);
    if (onRefusal && isRefusal(answer)) return await onRefusal();
    takeErrors(answer, batches, execution);
    mergeAnswer(answer, batches, execution);
    await Promise.all(unanswered(answer, batches).map((batch) => sendAlone(batch, execution)));
  } catch (error) {
    execution.errors.push(error);
  }
}

function sendAlone(batch: Batch, execution: Execution): Promise<void> {
  return send(batch.query.fetch, [{ ...batch, alias: '_entities', variable: 'representations' }], execution);
}

async function sendApart(batches: readonly Batch[], execution: Execution): Promise<void> {
  await Promise.all(batches.map((batch) => sendAlone(batch, execution)));
}

/**
 * Compiles fetches of entities of one subgraph that can be sent at the same time into one: equal operations become one list of
 * representations, different ones one operation with aliases. Once that is refused, they are sent apart: a planner can plan what a
 * subgraph does not accept, and only that fails.
 */
export function compileEntityFetches(nodes: readonly EntityFetchNode[], isOfType: IsOfType): Step {
  const queries = queriesOf(nodes, isOfType);
  let combined = queries.length > 1 ? combineFetches(queries.map(({ fetch }) => fetch)) : undefined;
  return (execution, data) => {
    const batches = queries.map((query) => batchOf(query, data));
    const filled = batches.filter(({ representations }) => representations.length > 0);
    const [only, ...others] = filled;
    if (!only) return undefined;
    if (others.length === 0) return sendAlone(only, execution);
    if (!combined) return sendApart(filled, execution);
    const { fetch, parts } = combined;
    const named = batches.map((batch, index) => ({ ...batch, ...(parts[index] as NamedBatch) }));
    return send(fetch, named, execution, () => {
      combined = undefined;
      return sendApart(filled, execution);
    });
  };
}
