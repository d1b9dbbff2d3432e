import type { ApolloServerOptions } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '#gateway/context.js';
import { measureTokens } from './size-limits.js';

type DocumentStore = NonNullable<ApolloServerOptions<GatewayContext>['documentStore']>;
type TextStore = NonNullable<
  Exclude<ApolloServerOptions<GatewayContext>['persistedQueries'], false | undefined>['cache']
>;

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** Of a parsed document with its locations, its cost plan and its fields: 500 to 600 bytes, measured on Node 22. */
const BYTES_PER_TOKEN = 600;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** Of an entry besides its text. */
const ENTRY_BYTES = 400;

function boundedStore<Value extends object | string>(maxBytes: number, bytesOf: (value: Value) => number) {
  const kept = new LRUCache<string, { value: Value }>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }) => ENTRY_BYTES + bytesOf(value),
  });
  return {
    peek: (key: string) => kept.peek(key)?.value,
    get: async (key: string) => kept.get(key)?.value,
    set: async (key: string, value: Value) => void kept.set(key, { value }),
    delete: async (key: string) => kept.delete(key),
  };
}

/** Returns a cache of validated documents, bounded by the memory they take. Apollo's own counts a quarter of it. */
export function createDocumentStore(maxBytes = MAX_DOCUMENT_BYTES): DocumentStore {
  return boundedStore(maxBytes, (document) => measureTokens(document).tokens * BYTES_PER_TOKEN);
}

/** Of the keys of Apollo Server in this cache. */
const PREFIX = 'apq:';

/** The texts of persisted queries, for Apollo Server. */
export type PersistedQueryStore = TextStore & { textOf(id: string): string | undefined };

/**
 * Returns a cache of the texts of automatic persisted queries, bounded by the memory they take. Each process has its own: a
 * client sends the text again where its hash is not known.
 */
export function createPersistedQueryStore(
  knownText: (id: string) => string | undefined = () => undefined,
): PersistedQueryStore {
  const { peek, ...store } = boundedStore<string>(MAX_TEXT_BYTES, (text) => 2 * text.length);
  const textOf = (id: string) => knownText(id) ?? peek(PREFIX + id);
  return { ...store, textOf, get: async (key) => knownText(key.slice(PREFIX.length)) ?? store.get(key) };
}
