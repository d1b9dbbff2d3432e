import type { MutationResolvers } from '#auth/resolver-types.js';
import { createApiKey } from '#auth/services/api-key/create-api-key.js';
import { revokeApiKey } from '#auth/services/api-key/revoke-api-key.js';
import { rotateApiKey } from '#auth/services/api-key/rotate-api-key.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

function organizationOf({ organizationId }: Identity): string {
  if (!organizationId) throw new Unauthenticated();
  return organizationId;
}

export const apiKeyMutations: Pick<MutationResolvers, 'createApiKey' | 'rotateApiKey' | 'revokeApiKey'> = {
  createApiKey: (_root, given, { services, database, identity }) =>
    createApiKey(services, database, identity, organizationOf(identity), given),
  rotateApiKey: (_root, given, { services, database, identity }) =>
    rotateApiKey(services, database, identity, organizationOf(identity), given),
  revokeApiKey: async (_root, { apiKeyId }, { services, database, identity }) => {
    await revokeApiKey(services, database, identity, organizationOf(identity), apiKeyId);
    return { apiKeyId };
  },
};
