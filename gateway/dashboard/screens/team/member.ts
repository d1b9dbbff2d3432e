import type { ListMembersQuery } from '#gateway/client/generated/types.js';

/** A member as `ListMembers` answers it. */
export type Member = NonNullable<NonNullable<ListMembersQuery['organization']>['members']>['edges'][number]['node'];
