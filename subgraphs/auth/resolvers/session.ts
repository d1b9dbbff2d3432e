import type { SessionResolvers } from '#auth/resolver-types.js';

export const Session: SessionResolvers = {
  isCurrent: ({ id }, _args, { identity }) => id === identity.sessionId,
};
