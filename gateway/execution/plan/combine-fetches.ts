import {
  type ArgumentNode,
  type DefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { Fetch } from './send-fetch.js';

/** Fetches of entities of one subgraph as one operation. */
export interface CombinedFetch {
  fetch: Fetch;
  /** Of each fetch: the name of its entities in the answer, and of the variable of its representations. */
  parts: { alias: string; variable: string }[];
}

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

interface ParsedFetch {
  operation: OperationDefinitionNode;
  entities: FieldNode;
  fragments: FragmentDefinitionNode[];
}

const isRepresentations = ({ value }: ArgumentNode): boolean =>
  value.kind === Kind.VARIABLE && value.name.value === REPRESENTATIONS;

/** Returns the parts of a fetch of nothing but entities; undefined for any other. */
function parseFetch({ operation: text }: Fetch): ParsedFetch | undefined {
  const { definitions } = parse(text, { noLocation: true });
  const [operation, ...others] = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const [entities, ...siblings] = operation?.selectionSet.selections ?? [];
  const isPlain = others.length === 0 && siblings.length === 0 && (operation?.directives ?? []).length === 0;
  if (!operation || !isPlain || entities?.kind !== Kind.FIELD || entities.name.value !== ENTITIES) return undefined;
  if (entities.alias || !entities.arguments?.every(isRepresentations)) return undefined;
  return { operation, entities, fragments };
}

/** Returns a name that is not taken yet, and takes it. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 1; taken.has(name); number += 1) name = `${wanted}_${number}`;
  taken.add(name);
  return name;
}

const nameNode = (value: string) => ({ kind: Kind.NAME as const, value });

/** Gives the fragments of one fetch names that no other has. */
function renameFragments({ entities, fragments }: ParsedFetch, taken: Set<string>) {
  const renamed = new Map(fragments.map(({ name: { value } }) => [value, freeName(value, taken)]));
  const rename = <Node extends FieldNode | FragmentDefinitionNode>(node: Node): Node =>
    visit(node, {
      FragmentSpread: (spread) => ({ ...spread, name: nameNode(renamed.get(spread.name.value) as string) }),
      FragmentDefinition: (fragment) => ({ ...fragment, name: nameNode(renamed.get(fragment.name.value) as string) }),
    });
  return { entities: rename(entities), fragments: fragments.map(rename) };
}

const withAlias = (field: FieldNode, alias: string, variable: string): FieldNode => ({
  ...field,
  ...(alias !== ENTITIES && { alias: nameNode(alias) }),
  arguments: field.arguments?.map((argument) => ({
    ...argument,
    value: { kind: Kind.VARIABLE, name: nameNode(variable) },
  })),
});

/**
 * Combines fetches of entities of one subgraph into one operation, each under an alias and with a variable of its own. undefined where
 * that is not possible.
 */
export function combineFetches(fetches: readonly Fetch[]): CombinedFetch | undefined {
  const [first] = fetches;
  const parsed = fetches.map(parseFetch).filter((fetch) => fetch !== undefined);
  if (!first || parsed.length !== fetches.length) return undefined;
  const takenVariables = new Set(fetches.flatMap(({ variableUsages }) => variableUsages));
  // Refused when it is sent alone, as a name that the fetch itself needs.
  if (takenVariables.has(REPRESENTATIONS)) return undefined;
  const takenFragments = new Set<string>();
  const parts: CombinedFetch['parts'] = [];
  const variables = new Map<string, VariableDefinitionNode>();
  const selections: FieldNode[] = [];
  const definitions: DefinitionNode[] = [];
  for (const [index, fetch] of parsed.entries()) {
    const alias = index === 0 ? ENTITIES : `_e${index}`;
    const variable = freeName(REPRESENTATIONS, takenVariables);
    parts.push({ alias, variable });
    for (const definition of fetch.operation.variableDefinitions ?? []) {
      const isOwn = definition.variable.name.value === REPRESENTATIONS;
      const name = isOwn ? variable : definition.variable.name.value;
      variables.set(name, { ...definition, variable: { kind: Kind.VARIABLE, name: nameNode(name) } });
    }
    const { entities, fragments } = renameFragments(fetch, takenFragments);
    selections.push(withAlias(entities, alias, variable));
    definitions.push(...fragments);
  }
  const operation = {
    ...(parsed[0] as ParsedFetch).operation,
    variableDefinitions: [...variables.values()],
    selectionSet: { kind: Kind.SELECTION_SET as const, selections },
  };
  return {
    fetch: {
      ...first,
      operation: print({ kind: Kind.DOCUMENT, definitions: [operation, ...definitions] }),
      variableUsages: [...new Set(fetches.flatMap(({ variableUsages }) => variableUsages))],
    },
    parts,
  };
}
