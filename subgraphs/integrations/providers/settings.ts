import { z } from 'zod';
import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { ProviderTools } from './provider.js';

const SIMULATED_CLIENT = { clientId: 'webmetrics-simulator', clientSecret: 'webmetrics-simulator-secret' };

/** Our OAuth client at a provider. */
export interface Client {
  clientId: string;
  clientSecret: string;
  /** Returns a host's base address, on the simulator when that stands in. */
  addressOf(host: string): string;
}

export const baseUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'must be a URL that begins with http:// or https://')
  .transform((text) => text.replace(/\/+$/, ''))
  .optional();

/** `PROVIDER_TIMEOUT_MS`. */
export const timeoutMs = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of milliseconds, at most 999999')
  .default('15000')
  .transform(Number);

/** Parses variables. Throws one ConfigurationError with every problem. */
export function parseVariables<Schema extends z.ZodType>(schema: Schema, variables: Environment): z.output<Schema> {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => ({ argument: path.join('.'), problem: message }));
  const lines = details.map(({ argument, problem }) => `  - ${argument} ${problem}`);
  throw new ConfigurationError(`The settings need attention:\n${lines.join('\n')}`, { details });
}

/**
 * Returns the client with these credentials, else the simulator's outside production. `names`: the variables, for
 * errors.
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
