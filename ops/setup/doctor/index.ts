import type { Check } from './check.js';
import { addresses } from './checks/addresses.js';
import { backups } from './checks/backups.js';
import { clock } from './checks/clock.js';
import { configuration } from './checks/configuration.js';
import { disk } from './checks/disk.js';
import { embeddedPostgres } from './checks/embedded-postgres.js';
import { envFile } from './checks/env-file.js';
import { formerQueues } from './checks/former-queues.js';
import { gemini } from './checks/gemini.js';
import { migrations } from './checks/migrations.js';
import { mongodb } from './checks/mongodb.js';
import { ports } from './checks/ports.js';
import { postgres } from './checks/postgres.js';
import { providers } from './checks/providers.js';
import { readReplica } from './checks/read-replica.js';
import { redis } from './checks/redis.js';
import { sealedValues } from './checks/sealed-values.js';
import { secrets } from './checks/secrets.js';
import { smtp } from './checks/smtp.js';
import { stripe } from './checks/stripe.js';
import { subgraphs } from './checks/subgraphs.js';
import { versions } from './checks/versions.js';
import { watching } from './checks/watching.js';

/** Every check, in the order of the report. */
export const checks: Check[] = [
  versions,
  configuration,
  envFile,
  secrets,
  addresses,
  ports,
  disk,
  embeddedPostgres,
  postgres,
  readReplica,
  migrations,
  sealedValues,
  redis,
  mongodb,
  formerQueues,
  smtp,
  subgraphs,
  providers,
  gemini,
  stripe,
  backups,
  watching,
  clock,
];
