import type { AuditActorKind, AuditEventResolvers } from '#auth/resolver-types.js';

const kinds: Record<string, AuditActorKind> = {
  user: 'USER',
  apiKey: 'API_KEY',
  service: 'SERVICE',
  anonymous: 'ANONYMOUS',
};

export const AuditEvent: AuditEventResolvers = {
  actor: async ({ actorKind, actorId: id }, _args, { nameById }) => ({
    kind: kinds[actorKind] ?? 'SERVICE',
    id,
    name: id ? await nameById.load(id) : null,
  }),
  target: ({ targetType: type, targetId: id }) => (type && id ? { type, id } : null),
};
