import type { ApiKeyResolvers } from '#auth/resolver-types.js';

export const ApiKey: ApiKeyResolvers = {
  isTest: ({ kind }) => kind === 'test',
  prefix: async ({ id }, _args, { secretsByApiKey }) => {
    const secrets = await secretsByApiKey.load(id);
    return secrets.find(({ replacedAt }) => replacedAt === null)?.prefix ?? '';
  },
  previousSecretUntil: async ({ id }, _args, { secretsByApiKey, services }) => {
    const replaced = (await secretsByApiKey.load(id)).find(({ replacedAt }) => replacedAt !== null);
    return replaced && replaced.validUntil > services.now() ? replaced.validUntil : null;
  },
  createdBy: ({ createdBy }, _args, { personById }) => (createdBy ? personById.load(createdBy) : null),
};
