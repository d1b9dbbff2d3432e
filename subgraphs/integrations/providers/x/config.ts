import { z } from 'zod';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, findClient, parseVariables, timeoutMs } from '#integrations/providers/settings.js';

export interface XSettings {
  clientId: string;
  clientSecret: string;
  apiBase: string;
  authBase: string;
  timeoutMs: number;
}

const text = z.string().optional();

const variables = z.object({
  X_CLIENT_ID: text,
  X_CLIENT_SECRET: text,
  X_API_BASE: baseUrl,
  X_AUTH_BASE: baseUrl,
  PROVIDER_TIMEOUT_MS: timeoutMs,
});

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): XSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const credentials = { id: given.X_CLIENT_ID, secret: given.X_CLIENT_SECRET };
  const client = findClient(credentials, ['X_CLIENT_ID', 'X_CLIENT_SECRET'], tools);
  if (!client) return undefined;
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    apiBase: given.X_API_BASE ?? client.addressOf('api.x.com'),
    authBase: given.X_AUTH_BASE ?? client.addressOf('x.com'),
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
