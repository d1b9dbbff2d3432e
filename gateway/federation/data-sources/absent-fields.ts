import { type DocumentNode, Kind, parse, type SelectionNode } from 'graphql';
import type { SubgraphRequest } from '#kit/executor.js';

interface Representation {
  __typename: string;
}

/** Stands in for the answer of a subgraph; undefined = nothing can. */
export type AbsentFields = (request: SubgraphRequest) => { _entities: object[] } | undefined;

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

/**
 * Returns what stands in for the answer of a subgraph that is away: null for the fields of entities that only other subgraphs read
 * (`@requires`). Without them, Apollo's gateway asks those subgraphs for nothing at all.
 */
export function createAbsentFields(typeDefinitions: DocumentNode): AbsentFields {
  const hidden = hiddenFieldsIn(typeDefinitions);
  return ({ query, variables }) => {
    const { representations } = variables ?? {};
    if (hidden.size === 0 || !Array.isArray(representations)) return undefined;
    const absent = new Map<string, Record<string, null>>();
    for (const definition of parse(query).definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      for (const fragment of definition.selectionSet.selections.flatMap(selectionsIn)) {
        if (fragment.kind !== Kind.INLINE_FRAGMENT || !fragment.typeCondition) continue;
        const type = fragment.typeCondition.name.value;
        for (const field of selectionsIn(fragment)) {
          if (field.kind !== Kind.FIELD || !hidden.get(type)?.has(field.name.value)) continue;
          absent.set(type, { ...absent.get(type), [(field.alias ?? field.name).value]: null });
        }
      }
    }
    if (absent.size === 0) return undefined;
    const entities = (representations as Representation[]).map(({ __typename }) => ({
      __typename,
      ...absent.get(__typename),
    }));
    return { _entities: entities };
  };
}
