import { LRUCache } from 'lru-cache';

/** A document that is in no manifest of its client. */
export interface UntrustedDocument {
  /** As the client names itself; null = it does not. */
  client: string | null;
  /** As the client names it; null = it does not. */
  operation: string | null;
  /** The SHA-256 of its text, or the id it was asked for by. */
  hash: string;
  count: number;
  firstSeen: Date;
  lastSeen: Date;
}

const MAX_KEPT = 1_000;
const MAX_LENGTH = 100;

const OPERATION = /^\s*(?:#[^\n]*\s+)*(?:query|mutation)\s+(\w+)/;

/** Returns the name of an operation from the beginning of a document, which is not parsed. */
function nameIn(text: string | undefined): string | undefined {
  return text && OPERATION.exec(text.slice(0, 1_000))?.[1];
}

/** The untrusted documents that this process saw last. */
export class UntrustedDocuments {
  // Of callers without credentials apart: they cannot displace the others.
  readonly #signedIn = new LRUCache<string, UntrustedDocument>({ max: MAX_KEPT });
  readonly #anonymous = new LRUCache<string, UntrustedDocument>({ max: MAX_KEPT });

  /** Counts a document, and returns it when it is new. */
  count(
    seen: { client?: string; operationName?: string; text?: string; hash: string; isSignedIn: boolean },
    now: Date,
  ): UntrustedDocument | undefined {
    const { client = null, hash: given, text, isSignedIn } = seen;
    const hash = given.slice(0, MAX_LENGTH);
    const kept = isSignedIn ? this.#signedIn : this.#anonymous;
    const key = JSON.stringify([client, hash]);
    const known = kept.get(key);
    if (known) {
      known.count += 1;
      known.lastSeen = now;
      return undefined;
    }
    const operation = (seen.operationName || nameIn(text))?.slice(0, MAX_LENGTH) ?? null;
    const added = { client, operation, hash, count: 1, firstSeen: now, lastSeen: now };
    kept.set(key, added);
    return added;
  }

  /** Returns the documents, most frequent first; `isSignedIn`: whether their callers were. */
  list(): (UntrustedDocument & { isSignedIn: boolean })[] {
    const all = [
      ...[...this.#signedIn.values()].map((document) => ({ ...document, isSignedIn: true })),
      ...[...this.#anonymous.values()].map((document) => ({ ...document, isSignedIn: false })),
    ];
    return all.sort((one, other) => other.count - one.count);
  }
}
