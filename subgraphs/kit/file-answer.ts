import type { Readable } from 'node:stream';
import type { Identity } from '#runtime/identity/identity.js';

/** A question for a file of a subgraph. */
export interface FileRequest {
  /** Of files; a subgraph has a reader for each of its own. */
  kind: string;
  parameters: Record<string, string>;
  /** The entity tags of what the client has; `*` = whatever there is. */
  knownTags?: string[];
  /** Whether only the facts are asked for. */
  isHead?: boolean;
}

/** The facts of a file, and its content. */
export interface FileAnswer {
  /** Of downloads, in any script. */
  name: string;
  /** The media type. */
  type: string;
  /** A strong entity tag, with its quotes; empty where there is none. */
  etag: string;
  /**
   * The content, whose first bytes are there; it fails when the rest cannot be made, and ends its work when destroyed. Null when only
   * the facts were asked for, or when the client has it.
   */
  body: Readable | null;
  /** Whether the client has it, by one of its tags. */
  isKnown: boolean;
}

/** Opens a file for an identity. `signal` ends the work. Throws AppError. */
export type OpenFile = (request: FileRequest, identity: Identity, signal: AbortSignal) => Promise<FileAnswer>;
