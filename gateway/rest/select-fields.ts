import { type FieldNode, Kind, type OperationDefinitionNode, print, type SelectionSetNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { InvalidInput, type Problem } from '#runtime/errors.js';
import { describeUnknown } from './check-value.js';

const MAX_REMEMBERED_BYTES = 8 * 1024 * 1024;
const MAX_FIELDS_LENGTH = 2_000;

/** Documents by operation and fields, of all resources. */
const remembered = new LRUCache<string, string>({
  maxSize: MAX_REMEMBERED_BYTES,
  sizeCalculation: (text, key) => 2 * (text.length + key.length),
});

/** The fields below each name; null = all of them. */
type Tree = Map<string, Tree | null>;

const keyOf = ({ alias, name }: FieldNode) => (alias ?? name).value;

/** Returns the fields of a selection set. The documents have no fragments there. */
const fieldsIn = (selectionSet: SelectionSetNode | undefined): FieldNode[] =>
  (selectionSet?.selections ?? []).filter((node) => node.kind === Kind.FIELD);

const findField = (selectionSet: SelectionSetNode | undefined, key: string): FieldNode | undefined =>
  fieldsIn(selectionSet).find((field) => keyOf(field) === key);

/** Where the items of an answer are: below `edges.node` of a connection. */
function pathOfItems({ selectionSet }: OperationDefinitionNode, answer: string): string[] {
  const path = answer.split('.');
  let found: SelectionSetNode | undefined = selectionSet;
  for (const name of path) found = findField(found, name)?.selectionSet;
  return findField(found, 'edges') ? [...path, 'edges', 'node'] : path;
}

function treeOf(paths: string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    let level = tree;
    const names = path.split('.');
    for (const [index, name] of names.entries()) {
      const known = level.get(name);
      // The whole includes its parts.
      if (known === null) break;
      if (index === names.length - 1) level.set(name, null);
      else {
        const next: Tree = known ?? new Map();
        level.set(name, next);
        level = next;
      }
    }
  }
  return tree;
}

function prune(selectionSet: SelectionSetNode, tree: Tree, path: string, problems: Problem[]): SelectionSetNode {
  const fields = fieldsIn(selectionSet);
  for (const [name, below] of tree) {
    const field = findField(selectionSet, name);
    const problem = field ? below && !field.selectionSet && 'has no fields' : describeUnknown(name, fields.map(keyOf));
    if (problem) problems.push({ argument: 'fields', problem: `names "${path}${name}", which ${problem}` });
  }
  return {
    ...selectionSet,
    selections: fields.flatMap((field) => {
      const below = tree.get(keyOf(field));
      if (below === undefined) return [];
      if (below === null || !field.selectionSet) return [field];
      return [{ ...field, selectionSet: prune(field.selectionSet, below, `${path}${keyOf(field)}.`, problems) }];
    }),
  };
}

function replaceAt(selectionSet: SelectionSetNode, path: string[], replaced: SelectionSetNode): SelectionSetNode {
  const [name, ...below] = path;
  if (name === undefined) return replaced;
  const selections = selectionSet.selections.map((node) =>
    node.kind === Kind.FIELD && keyOf(node) === name && node.selectionSet
      ? { ...node, selectionSet: replaceAt(node.selectionSet, below, replaced) }
      : node,
  );
  return { ...selectionSet, selections };
}

function withoutUnused(definition: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(definition.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions = definition.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value));
  return { ...definition, variableDefinitions };
}

/** Returns the document that selects only some fields of each item of the answer. */
export type SelectFields = (fields: string) => string;

/**
 * Returns the selection of `name,metrics.clicks` from an operation, so that what is not asked for is neither read nor counted.
 * Undefined when the answer has no fields. It throws InvalidInput for unknown fields; documents are remembered.
 */
export function createSelectFields(definition: OperationDefinitionNode, answer: string): SelectFields | undefined {
  const path = pathOfItems(definition, answer);
  let items: SelectionSetNode | undefined = definition.selectionSet;
  for (const name of path) items = findField(items, name)?.selectionSet;
  if (!items) return undefined;
  const whole = items;
  return (fields) => {
    if (fields.length > MAX_FIELDS_LENGTH) {
      throw new InvalidInput([{ argument: 'fields', problem: `must have at most ${MAX_FIELDS_LENGTH} characters` }]);
    }
    const paths = [...new Set(fields.split(',').map((field) => field.trim()))].sort();
    const key = `${definition.name?.value} ${answer} ${paths.join(',')}`;
    const known = remembered.get(key);
    if (known) return known;
    const problems: Problem[] = [];
    const selected = prune(whole, treeOf(paths), '', problems);
    if (problems.length > 0) throw new InvalidInput(problems);
    const selectionSet = replaceAt(definition.selectionSet, path, selected);
    const text = print(withoutUnused({ ...definition, selectionSet }));
    remembered.set(key, text);
    return text;
  };
}
