import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { z } from 'zod';
import { ConfigurationError } from '#runtime/errors.js';

const operation = z.object({
  /** With which clients ask for it: by default the SHA-256 of its text in hexadecimal. */
  id: z.string().min(1).max(255),
  name: z.string().min(1),
  type: z.enum(['query', 'mutation']),
  /** The document: one operation and its fragments. */
  body: z.string().min(1),
});

const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  /** Of whom these are the operations; an addition of ours to the format. */
  client: z.string().min(1).max(100).optional(),
  operations: z.array(operation),
});

/** An operation of a client. */
export type ManifestOperation = z.infer<typeof operation>;

/** The operations of a client, in the format of Apollo's persisted query manifests. */
export type Manifest = z.infer<typeof manifest>;

/** Returns the SHA-256 of a document, as automatic persisted queries name it. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Returns the only operation of a document; undefined when it has none or several. */
function onlyOperation({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operations.length === 1 ? operations[0] : undefined;
}

function problemOf({ name, type, body }: ManifestOperation): string | undefined {
  try {
    const found = onlyOperation(parse(body));
    if (!found) return 'its body must have one operation';
    return found.name?.value === name && found.operation === type ? undefined : `its body is another operation`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Returns the manifest in a text. Throws ConfigurationError, with `file`, for any other text. */
export function parseManifest(text: string, file: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${file} is not JSON.`, { cause });
  }
  const { data, error } = manifest.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    throw new ConfigurationError(`${file} is no persisted query manifest: ${issue?.path.join('.')} ${issue?.message}.`);
  }
  for (const each of data.operations) {
    const problem = problemOf(each);
    if (problem) throw new ConfigurationError(`${file}, operation ${each.name} (${each.id}): ${problem}.`);
  }
  return data;
}
