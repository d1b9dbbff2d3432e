import { Between, type DataSource, type EntityManager, IsNull } from 'typeorm';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { mailAdministrators } from '#auth/services/email/mail-administrators.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';

const AHEAD_MS = 7 * 24 * 60 * 60 * 1000;
const KEYS_AT_ONCE = 100;

async function warn(manager: EntityManager, { id, organizationId, name, expiresAt }: ApiKey): Promise<void> {
  const day = expiresAt.toISOString().slice(0, 10);
  await mailAdministrators(manager, organizationId, {
    kind: 'api-key-expires',
    key: `${id}:${expiresAt.toISOString()}`,
    subject: `The API key “${name}” expires on ${day}`,
    paragraphs: [
      `The API key “${name}” stops working on ${day}, and with it whatever uses it.`,
      'Rotate it to go on (rotateApiKey): you get a new secret, and the old one works on for as long as you say. Revoke it if nobody needs it any more.',
    ],
  });
}

/** Mails administrators about keys that expire within a week. Each key is warned of once in a life. Returns how many were. */
export async function warnOfExpiringKeys(services: Services, database: DataSource): Promise<number> {
  const now = services.now();
  let count = 0;
  for (let isMore = true; isMore; ) {
    const warned = await database.transaction(async (manager) => {
      const keys = await manager.find(ApiKeyEntity, {
        where: {
          revokedAt: IsNull(),
          expiryWarnedAt: IsNull(),
          expiresAt: Between(now, new Date(now.getTime() + AHEAD_MS)),
        },
        order: { expiresAt: 'ASC' },
        take: KEYS_AT_ONCE,
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      });
      for (const key of keys) {
        await warn(manager, key);
        await manager.update(ApiKeyEntity, { id: key.id, organizationId: key.organizationId }, { expiryWarnedAt: now });
      }
      return keys.length;
    });
    count += warned;
    isMore = warned === KEYS_AT_ONCE;
  }
  if (count > 0) await deliverSoon(services);
  return count;
}
