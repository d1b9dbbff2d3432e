import { NotFound } from '../../../ops/runtime/errors.js';
import type { AuthPayloadResolvers } from '../resolver-types.js';

export const AuthPayload: AuthPayloadResolvers = {
  user: async ({ session }, _args, { personById }) => {
    const user = await personById.load(session.personId);
    if (!user) throw new NotFound('user');
    return user;
  },
};
