import type {
  ApiKeyResolvers,
  AuditActorKind,
  AuditEventResolvers,
  InvitationResolvers,
  MemberResolvers,
  SessionResolvers,
} from '#auth/resolver-types.js';

const clientsOf = ({ clientIds }: { clientIds: string[] | null }) => clientIds?.map((id) => ({ id })) ?? null;

export const Member: MemberResolvers = {
  clients: clientsOf,
  isReadOnly: async ({ user }, _args, { surplusMembers }) => (await surplusMembers()).ids.has(user.id),
};

export const Invitation: InvitationResolvers = {
  clients: clientsOf,
  invitedBy: ({ invitedBy }, _args, { personById }) => (invitedBy ? personById.load(invitedBy) : null),
};

export const Session: SessionResolvers = {
  isCurrent: ({ id }, _args, { identity }) => id === identity.sessionId,
  refreshes: async ({ id }, _args, { refreshesBySession }) =>
    (await refreshesBySession.load(id)).map(({ address, userAgent, firstAt, lastAt }) => ({
      address: address || null,
      userAgent: userAgent || null,
      firstAt,
      lastAt,
    })),
};

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

const actorKinds: Record<string, AuditActorKind> = {
  user: 'USER',
  apiKey: 'API_KEY',
  service: 'SERVICE',
  anonymous: 'ANONYMOUS',
  share: 'SHARE',
};

export const AuditEvent: AuditEventResolvers = {
  actor: async ({ actorKind, actorId: id }, _args, { nameById }) => ({
    kind: actorKinds[actorKind] ?? 'SERVICE',
    id,
    name: id ? await nameById.load(id) : null,
  }),
  target: ({ targetType: type, targetId: id }) => (type && id ? { type, id } : null),
};
