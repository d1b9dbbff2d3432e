import { type DocumentNode, type FieldNode, Kind, parse, type SelectionNode } from 'graphql';
import type { SubgraphRequest } from '#kit/executor.js';

interface Representation {
  __typename: string;
}

/** Stands in for the answer of a subgraph; undefined = nothing can. */
export type AbsentFields = (request: SubgraphRequest) => Record<string, object[]> | undefined;

type Variables = SubgraphRequest['variables'];

/** Returns the nullable fields that exist for other subgraphs only, by type. */
function hiddenFieldsIn(typeDefinitions: DocumentNode): Map<string, Set<string>> {
  const hidden = new Map<string, Set<string>>();
  for (const node of typeDefinitions.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    for (const { name, type, directives = [] } of node.fields ?? []) {
      const isHidden = directives.some((directive) => directive.name.value === 'inaccessible');
      if (!isHidden || type.kind === Kind.NON_NULL_TYPE) continue;
      hidden.set(node.name.value, (hidden.get(node.name.value) ?? new Set()).add(name.value));
    }
  }
  return hidden;
}

const selectionsIn = (node: SelectionNode): readonly SelectionNode[] =>
  node.kind === Kind.FRAGMENT_SPREAD ? [] : (node.selectionSet?.selections ?? []);

/** Returns the fields of entities in an operation: several where fetches were combined. */
function entitiesIn(query: string): FieldNode[] {
  return parse(query)
    .definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections : []))
    .filter((node) => node.kind === Kind.FIELD && node.name.value === '_entities') as FieldNode[];
}

/** Returns the representations that a field is given by a variable; undefined = none. */
function representationsOf({ arguments: given = [] }: FieldNode, variables: Variables): Representation[] | undefined {
  const value = given.find(({ name }) => name.value === 'representations')?.value;
  const list = value?.kind === Kind.VARIABLE ? variables?.[value.name.value] : undefined;
  return Array.isArray(list) ? list : undefined;
}

/**
 * Returns what stands in for the answer of a subgraph that is away: null for the fields of entities that only other subgraphs read
 * (`@requires`). Without them, Apollo's gateway asks those subgraphs for nothing at all.
 */
export function createAbsentFields(typeDefinitions: DocumentNode): AbsentFields {
  const hidden = hiddenFieldsIn(typeDefinitions);
  const absentIn = (entities: FieldNode) => {
    const absent = new Map<string, Record<string, null>>();
    for (const fragment of selectionsIn(entities)) {
      if (fragment.kind !== Kind.INLINE_FRAGMENT || !fragment.typeCondition) continue;
      const type = fragment.typeCondition.name.value;
      for (const field of selectionsIn(fragment)) {
        if (field.kind !== Kind.FIELD || !hidden.get(type)?.has(field.name.value)) continue;
        absent.set(type, { ...absent.get(type), [(field.alias ?? field.name).value]: null });
      }
    }
    return absent;
  };
  return ({ query, variables }) => {
    if (hidden.size === 0 || !query.includes('_entities')) return undefined;
    const answers = entitiesIn(query).map((entities) => ({
      name: (entities.alias ?? entities.name).value,
      absent: absentIn(entities),
      representations: representationsOf(entities, variables),
    }));
    const isUseless = answers.every(({ absent, representations }) => absent.size === 0 || !representations);
    if (isUseless) return undefined;
    return Object.fromEntries(
      answers.map(({ name, absent, representations = [] }) => [
        name,
        representations.map(({ __typename }) => ({ __typename, ...absent.get(__typename) })),
      ]),
    );
  };
}
