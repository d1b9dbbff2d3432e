import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { ProviderUnavailable, TokenRefused } from '#integrations/errors.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { Consent, Provider, ProviderAccount } from '#integrations/providers/provider.js';
import { startHistories } from '#integrations/services/history/queue-due-histories.js';
import { Forbidden, InvalidInput } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { type PendingConsent, takePendingConsent } from './pending-consent.js';
import { saveConnection } from './save-connection.js';

export interface Callback {
  providerId: string;
  state: string;
  code?: string | null;
  error?: string | null;
}

/** RFC 6749 has access_denied; LinkedIn has a code for each button. */
const isRefusal = (error: string) => error === 'access_denied' || error.startsWith('user_cancelled_');

function codeIn({ code, error }: Callback, providerName: string): string {
  if (error && isRefusal(error))
    throw new Forbidden(`The consent was refused at ${providerName}: nothing was connected.`);
  if (error) {
    const word = /^\w{1,60}$/.test(error) ? ` (${error})` : '';
    throw new ProviderUnavailable(providerName, `ended the consent with an error${word}: start connecting again`);
  }
  if (code) return code;
  throw new InvalidInput([{ argument: 'code', problem: 'is missing' }]);
}

/** Makes all calls to the provider; nothing is written yet. */
async function readConsent(
  provider: Provider,
  code: string,
  { redirectUri, codeVerifier }: PendingConsent,
): Promise<{ consent: Consent; accounts: ProviderAccount[] }> {
  try {
    const consent = await provider.exchangeCode({ code, redirectUri, codeVerifier });
    return { consent, accounts: await provider.listAccounts(consent.tokens.accessToken) };
  } catch (cause) {
    if (!(cause instanceof TokenRefused)) throw cause;
    throw new ProviderUnavailable(provider.name, 'does not take the access token it has just issued', { cause });
  }
}

/** Throws Forbidden when another user consents than the one who connected. */
async function requireSamePerson(
  { database }: Context,
  { connectionId, organizationId, providerId }: PendingConsent,
  { person }: Consent,
): Promise<void> {
  if (!connectionId) return;
  const renewed = await database.manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
  if (renewed?.externalUserId === person.id) return;
  const { name } = describeProviderById(providerId);
  const whose = renewed ? ` as ${renewed.grantedBy}` : '';
  throw new Forbidden(`This address renews one connection only: sign in at ${name}${whose}, not as ${person.name}.`);
}

/**
 * Completes a consent. Returns the new or renewed connection. All is stored or nothing; the state is consumed in any
 * case.
 */
export async function completeConnection(context: Context, callback: Callback): Promise<Connection> {
  const pending = await takePendingConsent(context, callback);
  const provider = context.providers.get(pending.providerId);
  const { consent, accounts } = await readConsent(provider, codeIn(callback, provider.name), pending);
  if (accounts.length === 0) {
    throw new Forbidden(`${consent.person.name} has no account at ${provider.name} that could be connected.`);
  }
  await requireSamePerson(context, pending, consent);
  const { organizationId, userId } = pending;
  const identity: Identity = { ...context.identity, kind: userId ? 'user' : 'apiKey', userId, organizationId };
  const connection = await saveConnection(context, { organizationId, provider, consent, accounts, identity });
  context.services.logger.audit(
    { organizationId, userId, connectionId: connection.id, providerId: provider.id, accounts: accounts.length },
    'Provider connected',
  );
  await startHistories(context, connection);
  return connection;
}
