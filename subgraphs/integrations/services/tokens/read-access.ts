import type { Context } from '#integrations/context.js';
import type { Access } from '#integrations/dependencies.js';
import type { Connection } from '#integrations/entities/connection.js';
import { ReconnectRequired } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { ConfigurationError } from '#runtime/errors.js';
import { openTokens } from './token-seal.js';

/**
 * Returns the stored access. Throws ReconnectRequired for a broken connection, ConfigurationError when the provider is
 * no longer configured.
 */
export function readAccess({ services, providers }: Context, connection: Connection): Access {
  const { name } = describeProviderById(connection.providerId);
  const provider = providers.find(connection.providerId);
  if (!provider) {
    const error = new ConfigurationError(`${name} is not set up on this installation (any more).`);
    throw withFault('NOT_CONFIGURED', error);
  }
  if (connection.status === 'DISCONNECTED') throw new ReconnectRequired(name, 'was disconnected');
  const tokens = openTokens(services.sealer, connection);
  if (connection.status !== 'ACTIVE' || !tokens) throw new ReconnectRequired(name);
  return { connection, provider, tokens };
}
