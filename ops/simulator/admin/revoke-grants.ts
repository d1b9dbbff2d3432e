import { z } from 'zod';
import type { GrantingProvider } from '#simulator/oauth/grants.js';
import { people } from '#simulator/oauth/people.js';
import { readJson } from './read-json.js';
import type { AdminRequest, AdminTools } from './tools.js';

const granting: readonly GrantingProvider[] = ['google', 'meta', 'linkedin', 'x'];

const wish = z.strictObject({
  person: z.enum(people.map((person) => person.id) as [string, ...string[]]).optional(),
  /** Whose consent: `google`, or anything at Google by its own name, such as `google-ads`. */
  provider: z
    .string()
    .transform((name) => granting.find((one) => name === one || name.startsWith(`${one}-`)))
    .refine((name) => name, `must begin with one of ${granting.join(', ')}`)
    .optional(),
});

/** Withdraws consent behind the apps' backs, as a person does in the provider's own settings. */
export function revokeGrants({ world }: AdminTools, request: AdminRequest) {
  const { person, provider } = wish.parse(readJson(request));
  return { revoked: world.grants.revokeMatching({ person, provider }) };
}
