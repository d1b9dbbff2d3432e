import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Reads what a client sends to a server of the tests. Undefined when it hung up first, as one that a test kills may. */
export function readBody(sent: Readable): Promise<Buffer | undefined> {
  return buffer(sent).catch(() => undefined);
}
