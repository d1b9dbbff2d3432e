import { z } from 'zod';
import { type GoogleClient, readGoogleClient } from '#integrations/providers/google/client.js';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, parseVariables } from '#integrations/providers/settings.js';

export interface SearchConsoleSettings {
  client: GoogleClient;
  apiBase: string;
}

const variables = z.object({ GSC_BASE: baseUrl });

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): SearchConsoleSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const client = readGoogleClient('GSC', tools);
  return client && { client, apiBase: given.GSC_BASE ?? client.addressOf('searchconsole.googleapis.com') };
}
