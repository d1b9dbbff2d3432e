import { z } from 'zod';
import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { ProviderTools } from './provider.js';

// What the simulator knows us by.
const SIMULATED_CLIENT = { clientId: 'webmetrics-simulator', clientSecret: 'webmetrics-simulator-secret' };

/** As whom we come to a provider, and where it is. */
export interface Client {
  clientId: string;
  clientSecret: string;
  /** Returns the address of one of the provider's hosts, on the simulator when that stands in for it. */
  addressOf(host: string): string;
}

/** An address other paths are put behind. */
export const baseUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'must be a URL that begins with http:// or https://')
  .transform((text) => text.replace(/\/+$/, ''))
  .optional();

/** `PROVIDER_TIMEOUT_MS`: after how long a provider that does not answer counts as unavailable. */
export const timeoutMs = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of milliseconds, at most 999999')
  .default('15000')
  .transform(Number);

/** Returns what `schema` reads from the variables. Throws one ConfigurationError that names every problem. */
export function parseVariables<Schema extends z.ZodType>(schema: Schema, variables: Environment): z.output<Schema> {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => ({ argument: path.join('.'), problem: message }));
  const lines = details.map(({ argument, problem }) => `  - ${argument} ${problem}`);
  throw new ConfigurationError(`The settings need attention:\n${lines.join('\n')}`, { details });
}

/**
 * Returns the client of the given credentials; without any, the simulator's outside production; else undefined.
 * `names` are the two variables to speak of when only one of them is set.
 */
export function findClient(
  given: { id: string | undefined; secret: string | undefined },
  names: [string, string],
  { config, simulatorUrl }: ProviderTools,
): Client | undefined {
  const { id: clientId, secret: clientSecret } = given;
  if (clientId && clientSecret) return { clientId, clientSecret, addressOf: (host) => `https://${host}` };
  if (clientId || clientSecret) {
    const [argument, other] = clientId ? [names[1], names[0]] : names;
    throw new ConfigurationError(`The settings need attention:\n  - set both ${names.join(' and ')}, or neither`, {
      details: [{ argument, problem: `is needed with ${other}: set both, or neither` }],
    });
  }
  if (config.isProduction || !simulatorUrl) return undefined;
  return { ...SIMULATED_CLIENT, addressOf: (host) => `${simulatorUrl}/${host}` };
}
