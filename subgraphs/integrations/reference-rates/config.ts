import { z } from 'zod';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { baseUrl, parseVariables, timeoutMs } from '#integrations/providers/settings.js';

const HOST = 'data-api.ecb.europa.eu';

export interface RateSettings {
  apiBase: string;
  isSimulated: boolean;
  timeoutMs: number;
}

const variables = z.object({ ECB_API_BASE: baseUrl, PROVIDER_TIMEOUT_MS: timeoutMs });

/** Returns the address of the rates: the simulator's outside production, unless one is given. Throws ConfigurationError. */
export function readSettings({ config, simulatorUrl }: Pick<ProviderTools, 'config' | 'simulatorUrl'>): RateSettings {
  const given = parseVariables(variables, config.variables);
  const isSimulated = !given.ECB_API_BASE && !config.isProduction && simulatorUrl !== undefined;
  return {
    apiBase: given.ECB_API_BASE ?? (isSimulated ? `${simulatorUrl}/${HOST}` : `https://${HOST}`),
    isSimulated,
    timeoutMs: given.PROVIDER_TIMEOUT_MS,
  };
}
