import type { GetOrganizationQuery } from '#gateway/client/generated/types.js';

/** The organization as `GetOrganization` answers it. */
export type Organization = NonNullable<GetOrganizationQuery['organization']>;
