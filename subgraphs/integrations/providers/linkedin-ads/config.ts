import { z } from 'zod';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, findClient, parseVariables, timeoutMs } from '#integrations/providers/settings.js';

export interface LinkedInAdsSettings {
  clientId: string;
  clientSecret: string;
  apiBase: string;
  oauthBase: string;
  /** https://learn.microsoft.com/linkedin/marketing/versioning: monthly, each lives about a year. */
  version: string;
  timeoutMs: number;
}

const text = z.string().optional();

const variables = z.object({
  LINKEDIN_CLIENT_ID: text,
  LINKEDIN_CLIENT_SECRET: text,
  LINKEDIN_API_BASE: baseUrl,
  LINKEDIN_OAUTH_BASE: baseUrl,
  LINKEDIN_VERSION: z
    .string()
    .regex(/^20\d{4}$/, 'must look like 202607')
    .default('202607'),
  PROVIDER_TIMEOUT_MS: timeoutMs,
});

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): LinkedInAdsSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const credentials = { id: given.LINKEDIN_CLIENT_ID, secret: given.LINKEDIN_CLIENT_SECRET };
  const client = findClient(credentials, ['LINKEDIN_CLIENT_ID', 'LINKEDIN_CLIENT_SECRET'], tools);
  if (!client) return undefined;
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    apiBase: given.LINKEDIN_API_BASE ?? client.addressOf('api.linkedin.com'),
    oauthBase: given.LINKEDIN_OAUTH_BASE ?? client.addressOf('www.linkedin.com'),
    version: given.LINKEDIN_VERSION,
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
