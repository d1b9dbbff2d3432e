import { z } from 'zod';
import { type GoogleClient, readGoogleClient } from '#integrations/providers/google/client.js';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, parseVariables } from '#integrations/providers/settings.js';

export interface GoogleAnalyticsSettings {
  client: GoogleClient;
  dataBase: string;
  adminBase: string;
}

const variables = z.object({ GA4_DATA_BASE: baseUrl, GA4_ADMIN_BASE: baseUrl });

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): GoogleAnalyticsSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const client = readGoogleClient('GA4', tools);
  if (!client) return undefined;
  return {
    client,
    dataBase: given.GA4_DATA_BASE ?? client.addressOf('analyticsdata.googleapis.com'),
    adminBase: given.GA4_ADMIN_BASE ?? client.addressOf('analyticsadmin.googleapis.com'),
  };
}
