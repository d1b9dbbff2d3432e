import type { TransactionContext } from '#auth/context.js';
import type { ApiKey } from '#auth/entities/api-key.js';
import { PersonEntity } from '#auth/entities/person.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { mailAdministrators } from '#auth/services/member/mail-members.js';
import { quotedName } from '#runtime/name.js';

/** Mails administrators that a key has a new secret, and who made it. Call `deliverSoon` after the commit. */
export async function mailKeyIssued(
  transaction: TransactionContext,
  { apiKey, how }: { apiKey: ApiKey; how: 'created' | 'rotated' },
): Promise<void> {
  const { services, manager, identity } = transaction;
  const { id, organizationId, name, scopes, expiresAt } = apiKey;
  const person = await manager.findOneByOrFail(PersonEntity, { id: String(identity.userId) });
  const day = expiresAt.toISOString().slice(0, 10);
  await mailAdministrators(transaction, {
    organizationId,
    kind: `api-key-${how}`,
    key: `${id}:${services.now().toISOString()}`,
    subject: how === 'created' ? 'An API key was created' : 'An API key has a new secret',
    paragraphs: [
      `${quotedName(person.name)} (${person.email}) ${how} the API key ${quotedName(name)} (${describeOrigin(transaction)}). It opens ${scopes.join(', ')} until ${day}, also after they log out or change their password.`,
      'If that was not intended, revoke the key (revokeApiKey), and let them change their password and end their other sessions.',
    ],
  });
}
