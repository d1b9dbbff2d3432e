import { readFileSync } from 'node:fs';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql';
import { ConfigurationError } from '#runtime/errors.js';
import { listFiles } from './list-files.js';
import { hashOf, type Manifest, type ManifestOperation, parseManifest } from './manifest.js';

interface ReadFile {
  file: string;
  text: string;
  document: DocumentNode;
}

const documentsIn = (path: string) => listFiles(path, { name: /\.(graphql|gql)$/, isRecursive: true });

function readDocument(file: string): ReadFile {
  const text = readFileSync(file, 'utf8');
  try {
    return { file, text, document: parse(text) };
  } catch (cause) {
    throw new ConfigurationError(`${file}: ${(cause as Error).message}`, { cause });
  }
}

const isOperation = (node: { kind: string }): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;
const isFragment = (node: { kind: string }): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION;

function operationsIn(
  { file, text, document }: ReadFile,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ManifestOperation[] {
  const operations = document.definitions.filter(isOperation);
  const separate = separateOperations({ kind: Kind.DOCUMENT, definitions: [...operations, ...fragments.values()] });
  const names = operations.map(({ name }) => name?.value);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated) throw new ConfigurationError(`${file}: there are two operations ${repeated}.`);
  return operations.map(({ name, operation: type }) => {
    if (!name) throw new ConfigurationError(`${file}: an operation has no name.`);
    if (type === 'subscription') throw new ConfigurationError(`${file}: there are no subscriptions.`);
    const needed = separate[name.value] as DocumentNode;
    // As a client sends it that reads the file.
    const isWhole =
      needed.definitions.length === document.definitions.length &&
      needed.definitions.every((each) => document.definitions.includes(each));
    const body = isWhole ? text : print(needed);
    return { id: hashOf(body), name: name.value, type, body };
  });
}

function readOperations(paths: readonly string[]): ManifestOperation[] {
  const documents = paths
    .filter((path) => !path.endsWith('.json'))
    .flatMap(documentsIn)
    .map(readDocument);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { file, document } of documents) {
    for (const fragment of document.definitions.filter(isFragment)) {
      const name = fragment.name.value;
      if (fragments.has(name)) throw new ConfigurationError(`${file}: there are two fragments ${name}.`);
      fragments.set(name, fragment);
    }
  }
  const manifests = paths
    .filter((path) => path.endsWith('.json'))
    .flatMap((file) => {
      documentsIn(file);
      return parseManifest(readFileSync(file, 'utf8'), file).operations;
    });
  return [...manifests, ...documents.flatMap((document) => operationsIn(document, fragments))];
}

/**
 * Returns the manifest of the operations in .graphql files, in folders of them, and in manifests of Apollo's generator. Throws
 * ConfigurationError for what does not fit `schema`, for two operations of one name, and for none.
 */
export function buildManifest(schema: GraphQLSchema, client: string | undefined, paths: readonly string[]): Manifest {
  const operations = readOperations(paths);
  if (operations.length === 0) throw new ConfigurationError(`There is no operation in ${paths.join(', ')}.`);
  const byName = new Map<string, ManifestOperation>();
  for (const operation of operations) {
    const { name, id, body } = operation;
    const [error] = validate(schema, parse(body));
    if (error) throw new ConfigurationError(`The operation ${name}: ${error.message}`);
    if ((byName.get(name)?.id ?? id) !== id) throw new ConfigurationError(`There are two operations ${name}.`);
    byName.set(name, operation);
  }
  const sorted = [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { format: 'apollo-persisted-query-manifest', version: 1, ...(client && { client }), operations: sorted };
}
