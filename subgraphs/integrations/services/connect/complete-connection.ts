import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { PendingConsent } from '#integrations/entities/pending-consent.js';
import { ProviderUnavailable, TokenRefused } from '#integrations/errors.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { Consent, Provider, ProviderAccount } from '#integrations/providers/provider.js';
import { startHistories } from '#integrations/services/history/queue-due-histories.js';
import { Forbidden } from '#runtime/errors.js';
import { hasRole, type Identity } from '#runtime/identity/identity.js';
import { revokeUnused } from './disconnect.js';
import { deleteConsent, openConsent, takeByCompletionCode } from './pending-consent.js';
import { saveConnection } from './save-connection.js';

const notAdmin = () => new Forbidden('This needs the role ADMIN.');

async function listAccounts(provider: Provider, { tokens, person }: Consent): Promise<ProviderAccount[]> {
  try {
    const accounts = await provider.listAccounts(tokens.accessToken);
    if (accounts.length > 0) return accounts;
  } catch (cause) {
    if (!(cause instanceof TokenRefused)) throw cause;
    throw new ProviderUnavailable(provider.name, 'does not take the access token it has just issued', { cause });
  }
  throw new Forbidden(`${person.name} has no account at ${provider.name} that could be connected.`);
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

/** Throws Forbidden for all but the user who initiated it, in the same organization, while they may connect there. */
function requireAsker(identity: Identity, pending: PendingConsent): void {
  const { kind, userId, organizationId, role } = identity;
  const isSame = kind === 'user' && userId === pending.userId && organizationId === pending.organizationId;
  if (!isSame || !role) {
    throw new Forbidden(
      'Another user, or the same one in another organization, initiated this consent: nothing was connected.',
    );
  }
  if (!hasRole(identity, 'ADMIN')) throw notAdmin();
}

/** Exchanges the code and stores the connection. What is not stored is revoked at the provider. */
async function connect(
  context: Context,
  pending: PendingConsent,
): Promise<{ connection: Connection; accounts: ProviderAccount[] }> {
  requireAsker(context.identity, pending);
  const { redirectUri } = pending;
  const provider = context.providers.get(pending.providerId);
  const { code = '', codeVerifier } = openConsent(context, pending);
  const consent = await provider.exchangeCode({ code, redirectUri, codeVerifier });
  try {
    const accounts = await listAccounts(provider, consent);
    await requireSamePerson(context, pending, consent);
    const connection = await saveConnection(context, { pending, provider, consent, accounts });
    return { connection, accounts };
  } catch (error) {
    await revokeUnused(context, { provider, consent });
    throw error;
  }
}

/**
 * Completes a consent for the user who initiated it. Returns the new or renewed connection. All is stored or nothing; the
 * code is used up in any case. Throws InvalidInput for an invalid code, Forbidden for any other user and below ADMIN.
 */
export async function completeConnection(context: Context, { code }: { code: string }): Promise<Connection> {
  const pending = await takeByCompletionCode(context, { code }).catch((error) => {
    // The rule of the mutation admits every member, so that a code is used up whichever member presents it.
    throw hasRole(context.identity, 'ADMIN') ? error : notAdmin();
  });
  const { connection, accounts } = await connect(context, pending).catch(async (error) => {
    await deleteConsent(context.database.manager, pending);
    throw error;
  });
  const { organizationId, userId, providerId } = pending;
  context.services.logger.audit(
    { organizationId, userId, connectionId: connection.id, providerId, accounts: accounts.length },
    'Provider connected',
  );
  await startHistories(context, connection);
  return connection;
}
