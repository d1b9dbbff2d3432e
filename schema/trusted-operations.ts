import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { schemaFile } from './type-definitions.js';

/** An operation that WebMetrics ships, which REST resources, event streams and tools run for their callers. */
export interface TrustedOperation {
  /** As in its document: `ListCampaigns`. */
  name: string;
  /** The folder of its document: `figures`. */
  group: string;
  type: OperationDefinitionNode['operation'];
  /** The document: one operation and its fragments. */
  text: string;
  definition: OperationDefinitionNode;
}

const kebabCase = (name: string) => name.replace(/(?<=[a-z\d])[A-Z]/g, '-$&').toLowerCase();

/** Returns the operation in a document. Throws unless it is one, named as its file is. */
export function readTrustedOperation(file: string): TrustedOperation {
  const text = readFileSync(file, 'utf8');
  const definitions = parse(text).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [definition] = definitions;
  const name = definition?.name?.value;
  if (!definition || !name || definitions.length > 1) throw new Error(`${file} must have one operation, with a name.`);
  const expected = `${kebabCase(name)}.graphql`;
  if (basename(file) !== expected) throw new Error(`The operation ${name} belongs in ${expected}, not ${file}.`);
  return { name, group: basename(dirname(file)), type: definition.operation, text, definition };
}

/** Returns the operations in `schema/operations`, by name. */
export function readTrustedOperations(): ReadonlyMap<string, TrustedOperation> {
  const folder = schemaFile('operations');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  const operations = new Map<string, TrustedOperation>();
  for (const file of files.sort()) {
    const operation = readTrustedOperation(join(folder, file));
    if (operations.has(operation.name)) throw new Error(`There are two operations ${operation.name}.`);
    operations.set(operation.name, operation);
  }
  return operations;
}
