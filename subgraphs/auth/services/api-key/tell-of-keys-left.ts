import { type EntityManager, IsNull } from 'typeorm';
import { ApiKeyEntity } from '#auth/entities/api-key.js';
import { mailAdministrators } from '#auth/services/email/mail-administrators.js';

/**
 * Tells administrators which API keys somebody who has just left an organization created: keys belong to the organization
 * and go on working, but whoever made one has seen its secret. Call it in the transaction in which the person leaves, after
 * they did; `deliverSoon` after the commit. Does nothing when there are none.
 */
export async function tellOfKeysLeft(
  manager: EntityManager,
  { organizationId, personId, name, at }: { organizationId: string; personId: string; name: string; at: Date },
): Promise<void> {
  const keys = await manager.find(ApiKeyEntity, {
    where: { organizationId, createdBy: personId, revokedAt: IsNull() },
    order: { createdAt: 'ASC' },
  });
  if (keys.length === 0) return;
  await mailAdministrators(manager, organizationId, {
    kind: 'api-keys-left',
    key: `${organizationId}:${personId}:${at.toISOString()}`,
    subject: `${name} has left, and created API keys that still work`,
    paragraphs: [
      `${name} created these API keys of your organization: ${keys.map((key) => `“${key.name}”`).join(', ')}.`,
      'They go on working. Whoever created a key has seen its secret: rotate those that programs need, and revoke the others.',
    ],
  });
}
