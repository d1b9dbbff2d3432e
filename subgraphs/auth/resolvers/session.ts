import type { SessionResolvers } from '../resolver-types.js';

export const Session: SessionResolvers = {
  isCurrent: ({ id }, _args, { identity }) => id === identity.sessionId,
};
