import { z } from 'zod';
import { type GoogleClient, readGoogleClient } from '#integrations/providers/google/client.js';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, parseVariables } from '#integrations/providers/settings.js';

export interface BusinessProfileSettings {
  client: GoogleClient;
  accountBase: string;
  informationBase: string;
  performanceBase: string;
}

const variables = z.object({ GBP_ACCOUNT_BASE: baseUrl, GBP_INFO_BASE: baseUrl, GBP_PERF_BASE: baseUrl });

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): BusinessProfileSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const client = readGoogleClient('GBP', tools);
  if (!client) return undefined;
  return {
    client,
    accountBase: given.GBP_ACCOUNT_BASE ?? client.addressOf('mybusinessaccountmanagement.googleapis.com'),
    informationBase: given.GBP_INFO_BASE ?? client.addressOf('mybusinessbusinessinformation.googleapis.com'),
    performanceBase: given.GBP_PERF_BASE ?? client.addressOf('businessprofileperformance.googleapis.com'),
  };
}
