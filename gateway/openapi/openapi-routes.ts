import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { publicTextRoute } from '#gateway/http/entity-tag.js';
import { schemaFile } from '#schema/type-definitions.js';
import { swaggerUiRoutes } from './swagger-ui.js';

export interface OpenApiOptions {
  /** Absent = where the description is read from. */
  publicUrl?: string;
  limit: preHandlerAsyncHookHandler;
}

// Loaded with the first request, for the start-up time and memory it takes.
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/** `/openapi.json` and `/openapi.yaml`: `schema/openapi.json` with the public address, for anyone; and `/docs` to read it. */
export function openApiRoutes(app: FastifyInstance, { publicUrl, limit }: OpenApiOptions): void {
  const readDescription = () => {
    const description = JSON.parse(readFileSync(schemaFile('openapi.json'), 'utf8'));
    return publicUrl ? { ...description, servers: [{ url: publicUrl }] } : description;
  };
  publicTextRoute(app, '/openapi.json', {
    type: 'application/json; charset=utf-8',
    make: () => JSON.stringify(readDescription()),
    preHandler: limit,
  });
  publicTextRoute(app, '/openapi.yaml', {
    type: 'application/yaml; charset=utf-8',
    make: () => yaml().stringify(readDescription(), { aliasDuplicateObjects: false, lineWidth: 0 }),
    preHandler: limit,
  });
  swaggerUiRoutes(app, limit);
}
