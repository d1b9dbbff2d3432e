import { z } from 'zod';
import { type GoogleClient, readGoogleClient } from '#integrations/providers/google/client.js';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, parseVariables } from '#integrations/providers/settings.js';

export interface GoogleAdsSettings {
  client: GoogleClient;
  apiBase: string;
  /** https://developers.google.com/google-ads/api/docs/sunset-dates: a version lives about a year. */
  version: string;
  /** Optional since September 2026: access belongs to the client's Cloud project. */
  developerToken: string | undefined;
  /** In any 24 hours; undefined = not limited by us. */
  operationsPerDay: number | undefined;
}

const variables = z.object({
  GOOGLE_ADS_BASE: baseUrl,
  GOOGLE_ADS_VERSION: z
    .string()
    .regex(/^v\d+$/, 'must look like v25')
    .default('v25'),
  GOOGLE_ADS_DEVELOPER_TOKEN: z.string().optional(),
  GOOGLE_ADS_OPERATIONS_PER_DAY: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number of operations')
    .transform(Number)
    .optional(),
});

/** Undefined without credentials and simulator. */
export function readSettings(tools: ProviderTools): GoogleAdsSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  const client = readGoogleClient('GOOGLE_ADS', tools);
  if (!client) return undefined;
  return {
    client,
    apiBase: given.GOOGLE_ADS_BASE ?? client.addressOf('googleads.googleapis.com'),
    version: given.GOOGLE_ADS_VERSION,
    developerToken: given.GOOGLE_ADS_DEVELOPER_TOKEN,
    operationsPerDay: given.GOOGLE_ADS_OPERATIONS_PER_DAY,
  };
}
