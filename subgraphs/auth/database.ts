import { openDatabase } from '../../ops/runtime/database.js';
import type { Runtime } from '../../ops/runtime/runtime.js';
import { InvitationEntity } from './entities/invitation.js';
import { MembershipEntity } from './entities/membership.js';
import { OrganizationEntity } from './entities/organization.js';
import { PersonEntity } from './entities/person.js';
import { RefreshTokenEntity } from './entities/refresh-token.js';
import { SessionEntity } from './entities/session.js';
import { Accounts1764000000001 } from './migrations/0001-accounts.js';
import { Invitations1764300000301 } from './migrations/0003-invitations.js';

/** Oldest first. */
export const migrations = [Accounts1764000000001, Invitations1764300000301];

/** Opens the schema `auth`, migrated. */
export function openAuthDatabase(runtime: Runtime) {
  return openDatabase(runtime, {
    schema: 'auth',
    entities: [PersonEntity, OrganizationEntity, MembershipEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
    migrations,
  });
}
