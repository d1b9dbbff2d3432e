import { tokenErrors } from '#simulator/linkedin/linkedin-error.js';
import type { World } from '#simulator/world.js';
import type { Caller } from './authenticate.js';

/** Withdraws the consent of a person who does so at the first look at a campaign or a figure, and throws the 401 for it. */
export function revokeFickleConsent({ grant, person }: Caller, world: World): void {
  if (!person.revokesAfterConnect) return;
  world.grants.revoke(grant);
  throw tokenErrors.revoked();
}
