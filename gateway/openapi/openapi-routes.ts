import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { stringify } from 'yaml';
import { schemaFile } from '#schema/type-definitions.js';
import { swaggerUiRoutes } from './swagger-ui.js';

interface Served {
  type: string;
  etag: string;
  text: string;
}

function served(type: string, text: string): Served {
  return { type, etag: `"${createHash('sha256').update(text).digest('base64url')}"`, text };
}

const MAX_AGE_SECONDS = 300;

export interface OpenApiOptions {
  /** Absent = where the description is read from. */
  publicUrl?: string;
  limit: preHandlerAsyncHookHandler;
}

/** `/openapi.json` and `/openapi.yaml`: `schema/openapi.json` with the public address, for anyone; and `/docs` to read it. */
export function openApiRoutes(app: FastifyInstance, { publicUrl, limit }: OpenApiOptions): void {
  const readDescription = () => {
    const description = JSON.parse(readFileSync(schemaFile('openapi.json'), 'utf8'));
    return publicUrl ? { ...description, servers: [{ url: publicUrl }] } : description;
  };
  const formats: Record<string, () => Served> = {
    '/openapi.json': () => served('application/json; charset=utf-8', JSON.stringify(readDescription())),
    '/openapi.yaml': () =>
      served(
        'application/yaml; charset=utf-8',
        stringify(readDescription(), { aliasDuplicateObjects: false, lineWidth: 0 }),
      ),
  };
  for (const [path, make] of Object.entries(formats)) {
    let made: Served | undefined;
    app.get(path, { preHandler: limit }, (request, reply) => {
      made ??= make();
      // Weak, as the text may be compressed.
      void reply.headers({ etag: `W/${made.etag}`, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` });
      const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
      if (known?.includes(made.etag) || known?.includes('*')) return reply.code(304).send();
      return reply.type(made.type).send(made.text);
    });
  }
  swaggerUiRoutes(app, limit);
}
