import { Kind, parse, print, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import type { GeneratedOperation } from './generate-operation.js';

/** Returns the document without its nth selection, or undefined when there are fewer. */
function withoutSelection(query: string, index: number): string | undefined {
  let seen = -1;
  let isFound = false;
  const without = visit(parse(query, { noLocation: true }), {
    SelectionSet: (set: SelectionSetNode): SelectionSetNode | undefined => {
      const start = seen + 1;
      seen += set.selections.length;
      if (isFound || index < start || index > seen) return undefined;
      isFound = true;
      const selections = set.selections.filter((_, position) => position !== index - start);
      const empty: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
      return { ...set, selections: selections.length > 0 ? selections : [empty] };
    },
  });
  return isFound ? print(without) : undefined;
}

/** Removes the fragments and variables that nothing uses. */
function withoutUnused(query: string, variables: Record<string, unknown>): GeneratedOperation {
  let text = query;
  for (;;) {
    const document = parse(text, { noLocation: true });
    const used = new Set<string>();
    visit(document, {
      FragmentSpread: ({ name }) => void used.add(`...${name.value}`),
      Variable: ({ name }, _key, parent) => {
        const isDefinition =
          parent && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
        if (!isDefinition) used.add(`$${name.value}`);
      },
    });
    const reduced = visit(document, {
      FragmentDefinition: ({ name }) => (used.has(`...${name.value}`) ? undefined : null),
      VariableDefinition: ({ variable }) => (used.has(`$${variable.name.value}`) ? undefined : null),
    });
    const next = print(reduced);
    if (next === text) return { query: text, variables };
    text = next;
  }
}

/** Returns a smaller operation that still fails, by removing selections one by one. */
export async function shrinkOperation(
  operation: GeneratedOperation,
  isFailing: (candidate: GeneratedOperation) => Promise<boolean>,
): Promise<GeneratedOperation> {
  let smallest = { ...operation, query: print(parse(operation.query, { noLocation: true })) };
  for (let index = 0; ; ) {
    const query = withoutSelection(smallest.query, index);
    if (query === undefined) return smallest;
    const candidate = { ...smallest, ...withoutUnused(query, smallest.variables) };
    if (candidate.query !== smallest.query && (await isFailing(candidate))) smallest = candidate;
    else index += 1;
  }
}
