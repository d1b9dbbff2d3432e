import {
  type DirectiveNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
} from 'graphql';
import type { AppError } from '#runtime/errors.js';
import { appErrorExtensions } from '#runtime/format-error.js';
import type { Requirement } from './requirement.js';

/** A step to a field, from the object that has it. */
export interface PlaceStep {
  /** As the answer calls it. */
  name: string;
  /** The types of objects that have it there; undefined = all. */
  types: ReadonlySet<string> | undefined;
}

/** A field of an operation that is refused. */
export interface RefusedPlace {
  steps: readonly PlaceStep[];
  /** Of each element of the path, indexes of lists included: whether it may be null. */
  nullable: readonly boolean[];
  /** `@skip` and `@include` of the field and of all that it is in. */
  conditions: readonly DirectiveNode[];
  requirement: Requirement;
  /** The subgraph that would refuse it. */
  subgraph: string;
}

type Data = Record<string, unknown>;
type Path = readonly (string | number)[];

const TYPENAME = '__typename';

/** Whether a field with these conditions is asked for. */
function isAskedFor(conditions: readonly DirectiveNode[], variables: Data): boolean {
  return conditions.every((node) => {
    const directives = { directives: [node] };
    return (
      getDirectiveValues(GraphQLSkipDirective, directives, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, directives, variables)?.if !== false
    );
  });
}

/** Calls back for each object in the tree that has the place. */
function visitPlace(
  value: unknown,
  steps: readonly PlaceStep[],
  path: Path,
  found: (object: Data, path: Path) => void,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) visitPlace(element, steps, [...path, index], found);
    return;
  }
  const [step, ...below] = steps;
  if (!step) return;
  const object = value as Data;
  const typename = object[TYPENAME];
  if (step.types && typeof typename === 'string' && !step.types.has(typename)) return;
  const at = [...path, step.name];
  if (below.length === 0) found(object, at);
  else visitPlace(Object.hasOwn(object, step.name) ? object[step.name] : null, below, at, found);
}

/**
 * Takes what is refused out of what the subgraphs have answered: it may have been read as a key. Returns an error for each object that has
 * a refused field, as the subgraph would have answered it: of those that make the same object null, the first.
 */
export function refusePlaces(
  places: readonly RefusedPlace[],
  data: Data,
  variables: Data,
  refusals: ReadonlyMap<Requirement, AppError>,
  requestId: string,
): GraphQLError[] {
  const errors = new Map<string, GraphQLError>();
  for (const { steps, nullable, conditions, requirement, subgraph } of places) {
    const nullAt = nullable.lastIndexOf(true) + 1;
    const refusal = refusals.get(requirement);
    if (!refusal || !isAskedFor(conditions, variables)) continue;
    visitPlace(data, steps, [], (object, path) => {
      const name = path.at(-1) as string;
      if (Object.hasOwn(object, name)) object[name] = null;
      const key = JSON.stringify(path.slice(0, nullAt));
      if (errors.has(key)) return;
      const extensions = { ...appErrorExtensions(refusal, requestId), serviceName: subgraph };
      errors.set(key, new GraphQLError(refusal.message, { path, extensions }));
    });
  }
  return [...errors.values()];
}
