import { createHash } from 'node:crypto';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';

const MAX_AGE_SECONDS = 300;

/** Returns the entity tag of what `parts` make up together. */
export function entityTag(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `"${hash.digest('base64url').slice(0, 27)}"`;
}

/** Whether an `If-None-Match` names a tag (RFC 9110, section 13.1.2: weakly compared). */
export function isTagNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  return namedTags(ifNoneMatch).some((named) => named === tag || named === '*');
}

/** Returns the tags that an `If-None-Match` names, without weakness; `*` is one of them when it names any. */
export function namedTags(ifNoneMatch: string | undefined): string[] {
  if (ifNoneMatch === undefined) return [];
  return ifNoneMatch.split(',').map((part) => part.trim().replace(/^W\//, ''));
}

/** A text that is the same for everyone while the process runs. */
export interface PublicText {
  type: string;
  /** Called for the first request. */
  make(): string;
  preHandler?: preHandlerAsyncHookHandler;
}

/** Serves a text at a path, cached for 5 minutes, or 304 to a client that has it. */
export function publicTextRoute(app: FastifyInstance, path: string, { type, make, preHandler }: PublicText): void {
  let made: { text: string; tag: string } | undefined;
  app.get(path, { preHandler: preHandler ?? [] }, (request, reply) => {
    if (!made) {
      const text = make();
      made = { text, tag: entityTag(text) };
    }
    // Weak, as the text may be compressed.
    void reply.headers({ etag: `W/${made.tag}`, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` });
    if (isTagNamed(made.tag, request.headers['if-none-match'])) return reply.code(304).send();
    return reply.type(type).send(made.text);
  });
}
