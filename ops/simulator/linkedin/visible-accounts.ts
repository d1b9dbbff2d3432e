import { type LinkedinAccount, linkedinAccounts } from '#simulator/data/linkedin-accounts.js';
import { accessDenied, notFound } from './linkedin-error.js';
import { canReadAds } from './oauth/scopes.js';
import type { RestCall } from './rest-call.js';

/** Returns ad accounts the caller has a role in. Throws 403 without the scope. */
export function visibleAccounts(call: RestCall): readonly LinkedinAccount[] {
  if (!canReadAds(call.caller.token.scopes)) throw accessDenied('GET', `/${call.segments.join('/')}`);
  return linkedinAccounts.filter(({ people }) => people.includes(call.caller.person.id));
}

/** Returns an ad account. Throws 404 when it does not exist, 403 without access. */
export function getVisibleAccount(id: string, call: RestCall): LinkedinAccount {
  const account = visibleAccounts(call).find((one) => one.id === id);
  if (account) {
    call.request.accounts.add(id);
    return account;
  }
  if (!linkedinAccounts.some((one) => one.id === id)) throw notFound(`Ad account ${id}`);
  throw accessDenied('GET', `/${call.segments.join('/')}`);
}
