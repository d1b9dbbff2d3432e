import type { DataSource } from 'typeorm';
import { type DatabaseServer, type Migrations, openDatabase } from './database.js';
import { JobCompletion1764100000001 } from './migrations/0001-job-completion.js';
import { Mail1764100000003 } from './migrations/0002-mail.js';
import { Backups1764100000031 } from './migrations/0003-backups.js';
import { Audit1764100000041 } from './migrations/0004-audit.js';
import { UnsolicitedMail1764100000051 } from './migrations/0005-unsolicited-mail.js';
import { AuditGaps1764100000061 } from './migrations/0006-audit-gaps.js';
import { RateLimit1764100000071 } from './migrations/0007-rate-limit.js';
import { Webhooks1764100000081 } from './migrations/0008-webhooks.js';
import { IdempotencyKey1764100000091 } from './migrations/0009-idempotency-key.js';
import { WebhooksOfRevokedKeys1764100000101 } from './migrations/0010-webhooks-of-revoked-keys.js';
import { MailAttachments1764100000111 } from './migrations/0011-mail-attachments.js';
import { Entitlements1764600001412 } from './migrations/0012-entitlements.js';
import { Installation1764600001422 } from './migrations/0013-installation.js';
import { FoundByPerson1764600001432 } from './migrations/0014-found-by-person.js';
import { Alerts1764600001442 } from './migrations/0015-alerts.js';
import { JobQueues1764600001452 } from './migrations/0016-job-queues.js';
import { DueEntitlements1764600001462 } from './migrations/0017-due-entitlements.js';

const POOL_SIZE = 4;

/** Oldest first. */
export const operationsMigrations: Migrations = [
  JobCompletion1764100000001,
  Mail1764100000003,
  Backups1764100000031,
  Audit1764100000041,
  UnsolicitedMail1764100000051,
  AuditGaps1764100000061,
  RateLimit1764100000071,
  Webhooks1764100000081,
  IdempotencyKey1764100000091,
  WebhooksOfRevokedKeys1764100000101,
  MailAttachments1764100000111,
  Entitlements1764600001412,
  Installation1764600001422,
  FoundByPerson1764600001432,
  Alerts1764600001442,
  JobQueues1764600001452,
  DueEntitlements1764600001462,
];

/**
 * Opens the schema `operations`, migrated: jobs, mail, webhooks, backups, audit trail, counts of limits, idempotency keys,
 * entitlements, alerts.
 * It is in the database of the subgraphs, so that one transaction can change a subgraph's rows and, for example, queue the
 * mail about it (`operations.<table>` in plain SQL on its connection).
 */
export function openOperationsDatabase(server: DatabaseServer): Promise<DataSource> {
  return openDatabase(server, {
    schema: 'operations',
    entities: [],
    migrations: operationsMigrations,
    poolSize: POOL_SIZE,
  });
}
