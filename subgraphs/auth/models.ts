// What resolvers hand over for a GraphQL type where it differs from the type's own fields (read by `npm run schema`).

import type { AuditEvent as StoredEvent } from '../../ops/runtime/audit/audit-event.js';
import type { Organization } from './entities/organization.js';
import type { Session } from './entities/session.js';
import type { Member } from './loaders/person-by-id.js';
import type { SignedIn } from './services/sign-in.js';

export type UserModel = Member;
export type OrganizationModel = Organization;
export type SessionModel = Session;
export type AuthPayloadModel = SignedIn;
export type AuditEventModel = StoredEvent;
