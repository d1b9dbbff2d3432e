// The parent values of GraphQL types whose fields have resolvers (read by `npm run schema`).

import type { Page } from '#kit/page.js';
import type { AuditEvent as StoredEvent } from '#runtime/audit/audit-event.js';
import type {
  WebhookAttempt as StoredAttempt,
  WebhookDelivery as StoredDelivery,
} from '#runtime/webhooks/deliveries.js';
import type { WebhookEndpoint as StoredEndpoint } from '#runtime/webhooks/endpoint.js';
import type { ApiKey } from './entities/api-key.js';
import type { Invitation } from './entities/invitation.js';
import type { Organization } from './entities/organization.js';
import type { Session } from './entities/session.js';
import type { Member } from './loaders.js';
import type { MemberRow } from './services/member/list-members.js';
import type { SignedIn } from './services/session/sign-in.js';

export type UserModel = Member;
export type OrganizationModel = Organization;
export type SessionModel = Session;
export type ApiKeyModel = ApiKey;
export type AuthPayloadModel = SignedIn;
export type InvitationModel = Invitation;
export type MemberModel = MemberRow;
export type MemberConnectionModel = Page<MemberRow>;
export type AuditEventModel = StoredEvent;
export type WebhookEndpointModel = StoredEndpoint;
export type WebhookDeliveryModel = StoredDelivery;
export type WebhookAttemptModel = StoredAttempt;
