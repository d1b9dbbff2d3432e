import { z } from 'zod';
import type { ProviderTools } from '../provider.js';
import { baseUrl, findClient, parseVariables, timeoutMs } from '../settings.js';

export interface GoogleAdsSettings {
  clientId: string;
  clientSecret: string;
  authBase: string;
  tokenBase: string;
  apiBase: string;
  /** https://developers.google.com/google-ads/api/docs/sunset-dates: a version lives about a year. */
  version: string;
  /** Optional since September 2026: access belongs to the Cloud project of the client now. */
  developerToken: string | undefined;
  timeoutMs: number;
}

const text = z.string().optional();

const variables = z.object({
  GOOGLE_ADS_CLIENT_ID: text,
  GOOGLE_ADS_CLIENT_SECRET: text,
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GOOGLE_OAUTH_AUTH_BASE: baseUrl,
  GOOGLE_OAUTH_TOKEN_BASE: baseUrl,
  GOOGLE_ADS_BASE: baseUrl,
  GOOGLE_ADS_VERSION: z
    .string()
    .regex(/^v\d+$/, 'must look like v25')
    .default('v25'),
  GOOGLE_ADS_DEVELOPER_TOKEN: text,
  PROVIDER_TIMEOUT_MS: timeoutMs,
});

/** Returns the settings, or undefined when there are no credentials and no simulator. */
export function readSettings(tools: ProviderTools): GoogleAdsSettings | undefined {
  const given = parseVariables(variables, tools.config.variables);
  // One pair as a whole: the id of one client never goes with the secret of another.
  const isOwn = given.GOOGLE_ADS_CLIENT_ID || given.GOOGLE_ADS_CLIENT_SECRET;
  const client = isOwn
    ? findClient(
        { id: given.GOOGLE_ADS_CLIENT_ID, secret: given.GOOGLE_ADS_CLIENT_SECRET },
        ['GOOGLE_ADS_CLIENT_ID', 'GOOGLE_ADS_CLIENT_SECRET'],
        tools,
      )
    : findClient(
        { id: given.GOOGLE_CLIENT_ID, secret: given.GOOGLE_CLIENT_SECRET },
        ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
        tools,
      );
  if (!client) return undefined;
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    authBase: given.GOOGLE_OAUTH_AUTH_BASE ?? client.addressOf('accounts.google.com'),
    tokenBase: given.GOOGLE_OAUTH_TOKEN_BASE ?? client.addressOf('oauth2.googleapis.com'),
    apiBase: given.GOOGLE_ADS_BASE ?? client.addressOf('googleads.googleapis.com'),
    version: given.GOOGLE_ADS_VERSION,
    developerToken: given.GOOGLE_ADS_DEVELOPER_TOKEN,
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
