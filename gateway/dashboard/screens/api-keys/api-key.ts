import type { ListApiKeysQuery } from '#gateway/client/generated/types.js';

/** A key as `ListApiKeys` answers it. */
export type ApiKey = NonNullable<NonNullable<ListApiKeysQuery['organization']>['apiKeys']>[number];
