import { z } from 'zod';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import type { XApi } from './api.js';
import { withoutEntities } from './without-entities.js';

const answer = z.object({
  data: z.object({ id: z.string().regex(/^\d+$/), name: z.string().transform(withoutEntities), username: z.string() }),
});

/** Returns the user of an access token. https://docs.x.com/x-api/users/user-lookup-me */
export async function readUser(api: XApi, accessToken: string) {
  return (await api.get(accessToken, '/users/me', { 'user.fields': 'username' }, answer)).data;
}

/** A user's only account is their own. */
export async function listAccounts(api: XApi, accessToken: string): Promise<ProviderAccount[]> {
  const { id, name, username } = await readUser(api, accessToken);
  return [
    { externalId: id, name: `${name} (@${username})`, currency: null, timeZone: 'UTC', isActive: true, access: {} },
  ];
}
