import type { TeamMembersQuery } from '#dashboard/graph/generated/graphql.ts';

/** What is asked again when a member changed: this screen's list has what is closed to API keys, others ask for that of everyone. */
export const MEMBER_LISTS = ['TeamMembers', 'ListMembers'] as const;

/** A member as `TeamMembers` answers it. */
export type Member = NonNullable<NonNullable<TeamMembersQuery['organization']>['members']>['edges'][number]['node'];
