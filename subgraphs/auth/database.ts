import { openDatabase } from '#runtime/database/database.js';
import type { Services } from '#runtime/services.js';
import { ApiKeyEntity } from './entities/api-key.js';
import { ApiKeySecretEntity } from './entities/api-key-secret.js';
import { InvitationEntity } from './entities/invitation.js';
import { MembershipEntity } from './entities/membership.js';
import { OneTimeTokenEntity } from './entities/one-time-token.js';
import { OrganizationEntity } from './entities/organization.js';
import { PendingSignUpEntity } from './entities/pending-sign-up.js';
import { PersonEntity } from './entities/person.js';
import { RecoveryCodeEntity } from './entities/recovery-code.js';
import { RefreshTokenEntity } from './entities/refresh-token.js';
import { SessionEntity } from './entities/session.js';
import { SessionRefreshEntity } from './entities/session-refresh.js';
import { TwoFactorEntity } from './entities/two-factor.js';
import { Accounts1764000000001 } from './migrations/0001-accounts.js';
import { AccountSafety1764100000201 } from './migrations/0002-account-safety.js';
import { Invitations1764100000301 } from './migrations/0003-invitations.js';
import { TwoFactor1764100000401 } from './migrations/0004-two-factor.js';
import { ApiKeys1764100000501 } from './migrations/0005-api-keys.js';
import { PendingSignUps1764100000601 } from './migrations/0006-pending-sign-ups.js';
import { Sessions1764100000801 } from './migrations/0008-sessions.js';
import { SecondFactor1764100000901 } from './migrations/0009-second-factor.js';
import { TimeZone1764500001101 } from './migrations/0011-time-zone.js';
import { MembersOfClients1764600001201 } from './migrations/0012-members-of-clients.js';
import { Trials1764600001413 } from './migrations/0013-trials.js';
import { MemberRights1764600001515 } from './migrations/0015-member-rights.js';
import { TrialsOfPeople1764600001516 } from './migrations/0016-trials-of-people.js';
import { FoundByPerson1764600001701 } from './migrations/0017-found-by-person.js';
import { TrimmedInvitations1764600001801 } from './migrations/0018-trimmed-invitations.js';

/** Oldest first. */
export const migrations = [
  Accounts1764000000001,
  AccountSafety1764100000201,
  Invitations1764100000301,
  TwoFactor1764100000401,
  ApiKeys1764100000501,
  PendingSignUps1764100000601,
  Sessions1764100000801,
  SecondFactor1764100000901,
  TimeZone1764500001101,
  MembersOfClients1764600001201,
  Trials1764600001413,
  MemberRights1764600001515,
  TrialsOfPeople1764600001516,
  FoundByPerson1764600001701,
  TrimmedInvitations1764600001801,
];

/** Opens the schema `auth`, migrated. */
export function openAuthDatabase(services: Services) {
  return openDatabase(services, {
    schema: 'auth',
    entities: [
      PersonEntity,
      OrganizationEntity,
      MembershipEntity,
      InvitationEntity,
      SessionEntity,
      SessionRefreshEntity,
      RefreshTokenEntity,
      TwoFactorEntity,
      RecoveryCodeEntity,
      OneTimeTokenEntity,
      PendingSignUpEntity,
      ApiKeyEntity,
      ApiKeySecretEntity,
    ],
    migrations,
  });
}
