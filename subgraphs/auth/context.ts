import type DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { ApiKeySecret } from './entities/api-key-secret.js';
import type { Organization } from './entities/organization.js';
import { nameById } from './loaders/name-by-id.js';
import { organizationById } from './loaders/organization-by-id.js';
import { type Member, personById } from './loaders/person-by-id.js';
import { secretsByApiKey } from './loaders/secrets-by-api-key.js';
import type { SignedIn } from './services/session/sign-in.js';

/** What one operation carries. */
export interface Context {
  identity: Identity;
  services: Services;
  database: DataSource;
  personById: DataLoader<string, Member | null>;
  organizationById: DataLoader<string, Organization | null>;
  /** Of anybody, whether they are a member or not: for ids that the organization's own data tells of. */
  nameById: DataLoader<string, string | null>;
  secretsByApiKey: DataLoader<string, ApiKeySecret[]>;
  /** Goes on as the person who has just signed in, so that the same answer can tell them about themselves. */
  continueAs(signedIn: SignedIn): SignedIn;
}

export function createContext(services: Services, database: DataSource, identity: Identity): Context {
  return {
    identity,
    services,
    database,
    personById: personById(database, identity.organizationId),
    organizationById: organizationById(database, identity.organizationId),
    nameById: nameById(database),
    secretsByApiKey: secretsByApiKey(database, identity.organizationId),
    continueAs(signedIn) {
      const { personId, organizationId, id } = signedIn.session;
      const { requestId, client } = this.identity;
      this.identity = { kind: 'user', userId: personId, organizationId, sessionId: id, scopes: [], client, requestId };
      this.personById = personById(database, organizationId);
      this.organizationById = organizationById(database, organizationId);
      return signedIn;
    },
  };
}
