// What resolvers hand over for a GraphQL type where it differs from the type's own fields (read by `npm run schema`).

import type { ApiKey } from './entities/api-key.js';
import type { Organization } from './entities/organization.js';
import type { Member } from './loaders/person-by-id.js';
import type { SignedIn } from './services/sign-in.js';

export type UserModel = Member;
export type OrganizationModel = Organization;
export type ApiKeyModel = ApiKey;
export type AuthPayloadModel = SignedIn;
