import { addresses } from './addresses.js';
import { backups } from './backups.js';
import type { Check } from './check.js';
import { clock } from './clock.js';
import { configuration } from './configuration.js';
import { disk } from './disk.js';
import { embeddedPostgres } from './embedded-postgres.js';
import { envFile } from './env-file.js';
import { migrations } from './migrations.js';
import { mongodb } from './mongodb.js';
import { ports } from './ports.js';
import { postgres } from './postgres.js';
import { providers } from './providers.js';
import { redis } from './redis.js';
import { sealedValues } from './sealed-values.js';
import { secrets } from './secrets.js';
import { smtp } from './smtp.js';
import { subgraphs } from './subgraphs.js';
import { versions } from './versions.js';
import { watching } from './watching.js';

/** Everything an installation is looked over in: one file, one line. */
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
  migrations,
  sealedValues,
  redis,
  mongodb,
  smtp,
  subgraphs,
  providers,
  backups,
  watching,
  clock,
];
