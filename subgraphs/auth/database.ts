import { openDatabase } from '../../ops/runtime/database.js';
import type { Runtime } from '../../ops/runtime/runtime.js';
import { ApiKeyEntity } from './entities/api-key.js';
import { ApiKeySecretEntity } from './entities/api-key-secret.js';
import { MembershipEntity } from './entities/membership.js';
import { OrganizationEntity } from './entities/organization.js';
import { PersonEntity } from './entities/person.js';
import { RefreshTokenEntity } from './entities/refresh-token.js';
import { SessionEntity } from './entities/session.js';
import { Accounts1764000000001 } from './migrations/0001-accounts.js';
import { ApiKeys1764000000501 } from './migrations/0005-api-keys.js';

/** Oldest first. */
export const migrations = [Accounts1764000000001, ApiKeys1764000000501];

/** Opens the schema `auth`, migrated. */
export function openAuthDatabase(runtime: Runtime) {
  return openDatabase(runtime, {
    schema: 'auth',
    entities: [
      PersonEntity,
      OrganizationEntity,
      MembershipEntity,
      SessionEntity,
      RefreshTokenEntity,
      ApiKeyEntity,
      ApiKeySecretEntity,
    ],
    migrations,
  });
}
