import type { FastifyInstance } from 'fastify';
import { apiKeyScopes, isReadScope } from '#runtime/identity/api-key-scopes.js';

/** The path of the MCP server. */
export const MCP_PATH = '/mcp';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Returns the address of the document about the MCP server, where RFC 9728, section 3.1, puts it. */
export function metadataUrl(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  return `${origin}${WELL_KNOWN}${pathname.replace(/\/$/, '')}${MCP_PATH}`;
}

/**
 * Serves OAuth 2.0 Protected Resource Metadata (RFC 9728). It names no authorization server, as there is none: API keys are
 * created in the organization.
 */
export function protectedResourceRoutes(app: FastifyInstance, publicUrl: () => string): void {
  const scopes = apiKeyScopes.map(({ name }) => name).filter(isReadScope);
  for (const path of [WELL_KNOWN, `${WELL_KNOWN}${MCP_PATH}`]) {
    app.get(path, (_request, reply) =>
      // Read by pages of any site, which need no credentials for it.
      reply.headers({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' }).send({
        resource: `${publicUrl()}${MCP_PATH}`,
        resource_name: 'WebMetrics',
        scopes_supported: scopes,
        bearer_methods_supported: ['header'],
        resource_documentation: `${publicUrl()}/manual/mcp`,
      }),
    );
  }
}
