import { z } from 'zod';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, findClient, parseVariables, timeoutMs } from '#integrations/providers/settings.js';

export interface MetaAdsSettings {
  clientId: string;
  clientSecret: string;
  graphBase: string;
  dialogBase: string;
  /** https://developers.facebook.com/docs/marketing-api/marketing-api-changelog/versions: a version lives about a year. */
  version: string;
  timeoutMs: number;
}

const text = z.string().optional();

const variables = z.object({
  META_CLIENT_ID: text,
  META_CLIENT_SECRET: text,
  META_GRAPH_BASE: baseUrl,
  META_DIALOG_BASE: baseUrl,
  META_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must look like v26.0')
    .default('v26.0'),
  PROVIDER_TIMEOUT_MS: timeoutMs,
});

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): MetaAdsSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const credentials = { id: given.META_CLIENT_ID, secret: given.META_CLIENT_SECRET };
  const client = findClient(credentials, ['META_CLIENT_ID', 'META_CLIENT_SECRET'], tools);
  if (!client) return undefined;
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    graphBase: given.META_GRAPH_BASE ?? client.addressOf('graph.facebook.com'),
    dialogBase: given.META_DIALOG_BASE ?? client.addressOf('www.facebook.com'),
    version: given.META_VERSION,
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
