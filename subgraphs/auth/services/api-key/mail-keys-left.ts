import { IsNull } from 'typeorm';
import type { TransactionContext } from '#auth/context.js';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { mailAdministrators } from '#auth/services/member/mail-members.js';
import { quotedName } from '#runtime/name.js';

/**
 * Mails administrators the API keys created by a person who has left, who knows their secrets. Call it after the
 * membership is deleted.
 */
export async function mailKeysLeft(
  transaction: TransactionContext,
  { organizationId, personId, name }: { organizationId: string; personId: string; name: string },
): Promise<void> {
  const { services, manager } = transaction;
  const keys = await manager.find(ApiKeyEntity, {
    where: { organizationId, createdBy: personId, revokedAt: IsNull() },
    order: { createdAt: 'ASC' },
  });
  if (keys.length === 0) return;
  await mailAdministrators(transaction, {
    organizationId,
    kind: 'api-keys-left',
    key: `${organizationId}:${personId}:${services.now().toISOString()}`,
    subject: `${quotedName(name)} has left, and created API keys that still work`,
    paragraphs: [
      `${quotedName(name)} created these API keys of your organization: ${keys.map((key) => quotedName(key.name)).join(', ')}.`,
      'They go on working. The person who created a key has seen its secret: rotate those that programs need, and revoke the others.',
    ],
  });
}
