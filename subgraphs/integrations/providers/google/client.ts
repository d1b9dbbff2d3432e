import { z } from 'zod';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, findClient, parseVariables, timeoutMs } from '#integrations/providers/settings.js';

/** Our OAuth client at Google. */
export interface GoogleClient {
  clientId: string;
  clientSecret: string;
  authBase: string;
  tokenBase: string;
  timeoutMs: number;
  /** Returns a host's base address, on the simulator when that stands in. */
  addressOf(host: string): string;
}

const bases = z.object({
  GOOGLE_OAUTH_AUTH_BASE: baseUrl,
  GOOGLE_OAUTH_TOKEN_BASE: baseUrl,
  PROVIDER_TIMEOUT_MS: timeoutMs,
});

/**
 * Reads `<prefix>_CLIENT_ID` and `_SECRET`, else `GOOGLE_CLIENT_ID` and `_SECRET`; undefined without credentials and
 * simulator.
 */
export function readGoogleClient(prefix: string, tools: ProviderTools): GoogleClient | undefined {
  const own: [string, string] = [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
  const common: [string, string] = ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'];
  const { variables } = tools.config;
  const given = parseVariables(bases, variables);
  // An id never goes with the secret of another client.
  const names = own.some((name) => variables[name]) ? own : common;
  const client = findClient({ id: variables[names[0]], secret: variables[names[1]] }, names, tools);
  if (!client) return undefined;
  return {
    ...client,
    authBase: given.GOOGLE_OAUTH_AUTH_BASE ?? client.addressOf('accounts.google.com'),
    tokenBase: given.GOOGLE_OAUTH_TOKEN_BASE ?? client.addressOf('oauth2.googleapis.com'),
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
