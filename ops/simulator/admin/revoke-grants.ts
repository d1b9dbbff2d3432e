import { z } from 'zod';
import { people } from '../people.js';
import { readJson } from './read-json.js';
import type { AdminRequest, AdminTools } from './tools.js';

const wish = z.strictObject({
  person: z.enum(people.map((person) => person.id) as [string, ...string[]]).optional(),
  provider: z.enum(['google', 'google-ads', 'google-oauth', 'meta', 'meta-oauth']).optional(),
});

/** Withdraws consent behind the apps' backs, as a person does in the provider's own settings. */
export function revokeGrants({ world }: AdminTools, request: AdminRequest) {
  const { person, provider } = wish.parse(readJson(request));
  const granting = provider === undefined ? undefined : provider.startsWith('google') ? 'google' : 'meta';
  return { revoked: world.grants.revokeMatching({ person, provider: granting }) };
}
