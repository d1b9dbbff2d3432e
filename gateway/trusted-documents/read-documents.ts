import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigurationError } from '#runtime/errors.js';
import { listFiles } from './list-files.js';
import { hashOf, type Manifest, parseManifest } from './manifest.js';

/** The client whose operations every client may run. */
export const DEFAULT_CLIENT = 'default';

/** The operations that clients may run, by the manifests of this installation. */
export interface TrustedDocuments {
  /** Of all clients together. */
  texts: ReadonlySet<string>;
  /** Returns the document with an id, or with this hash of its text; undefined = it is in no manifest. */
  textOf(id: string): string | undefined;
  /** Whether a client, undefined without a name, may run the document with this id or hash of its text. */
  isTrusted(id: string, client: string | undefined): boolean;
}

function readManifest(file: string): Manifest & { client: string } {
  const found = parseManifest(readFileSync(file, 'utf8'), file);
  return { client: basename(file, '.json'), ...found };
}

/**
 * Reads the manifests in files and folders: of the client they name, or else their file does. Throws ConfigurationError, also
 * for two documents with one id.
 */
export function readDocuments(paths: readonly string[]): TrustedDocuments {
  const texts = new Map<string, string>();
  const clients = new Map<string, Set<string>>();
  const files = paths.flatMap((path) => listFiles(path, { name: /\.json$/, setting: 'TRUSTED_DOCUMENTS' }));
  if (paths.length > 0 && files.length === 0)
    throw new ConfigurationError('TRUSTED_DOCUMENTS: there is no manifest (*.json).');
  const bodies = new Set<string>();
  for (const file of files) {
    const { client, operations } = readManifest(file);
    const ids = clients.get(client) ?? new Set<string>();
    clients.set(client, ids);
    for (const { id, body, name } of operations) {
      bodies.add(body);
      for (const key of [id, hashOf(body)]) {
        if ((texts.get(key) ?? body) !== body)
          throw new ConfigurationError(`${file}: the id ${id} of ${name} is that of another document.`);
        texts.set(key, body);
        ids.add(key);
      }
    }
  }
  const ofEveryone = clients.get(DEFAULT_CLIENT);
  return {
    texts: bodies,
    textOf: (id) => texts.get(id),
    isTrusted: (id, client) => (ofEveryone?.has(id) || (client !== undefined && clients.get(client)?.has(id))) ?? false,
  };
}
