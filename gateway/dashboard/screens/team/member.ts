import type { TeamMembersQuery } from '#dashboard/graph/generated/graphql.ts';

/** A member as `TeamMembers` answers it. */
export type Member = NonNullable<NonNullable<TeamMembersQuery['organization']>['members']>['edges'][number]['node'];
