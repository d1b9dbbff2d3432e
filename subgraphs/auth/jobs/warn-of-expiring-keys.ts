import { Between, IsNull } from 'typeorm';
import {
  inTransaction,
  type JobDependencies,
  jobContext,
  type ServiceContext,
  type TransactionContext,
} from '#auth/context.js';
import { type ApiKey, ApiKeyEntity } from '#auth/entities/api-key.js';
import { mailAdministrators } from '#auth/services/member/mail-members.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { quotedName } from '#runtime/name.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

const AHEAD_MS = 7 * 24 * 60 * 60 * 1000;
const KEYS_AT_ONCE = 100;

async function warn(transaction: TransactionContext, { id, organizationId, name, expiresAt }: ApiKey): Promise<void> {
  await queueWebhookEvent(transaction.manager, {
    organizationId,
    type: 'api_key.expiring',
    data: { apiKeyId: id, name, expiresAt: expiresAt.toISOString() },
    occurredAt: transaction.services.now(),
  });
  const day = expiresAt.toISOString().slice(0, 10);
  await mailAdministrators(transaction, {
    organizationId,
    kind: 'api-key-expires',
    key: `${id}:${expiresAt.toISOString()}`,
    subject: `The API key ${quotedName(name)} expires on ${day}`,
    paragraphs: [
      `The API key ${quotedName(name)} stops working on ${day}, and with it whatever uses it.`,
      'Rotate it to go on (rotateApiKey): you get a new secret, and the old one works on for as long as you say. Revoke it if nobody needs it any more.',
    ],
  });
}

/** Warns of a batch of keys that no other process is warning of. Returns their number. */
async function warnOfBatch(transaction: TransactionContext): Promise<number> {
  const { services, manager } = transaction;
  const now = services.now();
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
    await warn(transaction, key);
    await manager.update(ApiKeyEntity, { id: key.id, organizationId: key.organizationId }, { expiryWarnedAt: now });
  }
  return keys.length;
}

async function warnOfExpiringKeys(context: ServiceContext): Promise<void> {
  let count = 0;
  let batch: number;
  do {
    batch = await inTransaction(context, warnOfBatch);
    count += batch;
  } while (batch === KEYS_AT_ONCE);
  if (count === 0) return;
  await deliverSoon(context.services);
  await deliverWebhooksSoon(context.services);
}

/** Reports API keys that expire within a week to administrators and webhooks, once per key and lifetime. */
export function warnOfExpiringKeysJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.warn-of-expiring-keys',
    schedule: '1 hour',
    run: () => warnOfExpiringKeys(jobContext(dependencies)),
  };
}
