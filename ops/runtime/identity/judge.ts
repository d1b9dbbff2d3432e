import { type AppError, Forbidden, Unauthenticated } from '#runtime/errors.js';
import type { ApiKeyScope } from './api-key-scopes.js';
import { hasRight, hasRole, type Identity, type MemberRight, type Role } from './identity.js';
import { refuseUntilSetUp } from './set-up-session.js';

/** What a rule demands of the identity that asks. */
export interface Needs {
  /** The weakest role; `signedIn` = any role, and services that act for an organization. */
  who: 'anyone' | 'signedIn' | 'service' | Role;
  /** A right of users that suffices instead of the role. */
  right?: MemberRight;
  /** The scope an API key needs; `any` = every key is admitted, undefined = none. */
  scope?: ApiKeyScope | 'any';
  /** Whether the scope is enough for an API key, which else needs the role as well. */
  isScopeEnough?: boolean;
  /** Whether it admits users who must set up a second factor. */
  isForSetUp?: boolean;
  /** Whether it admits users who belong to no organization. */
  isWithoutOrganization?: boolean;
  /** Whether what it opens is limited to the clients a member is limited to; all else is closed to such members. */
  isWithinClients?: boolean;
  /** Of a mutation: whether what is below it belongs to the session that it begins, not to the identity that asks. */
  beginsSession?: boolean;
  /** Of a mutation: whether it is open while the organization can only read. */
  isForReadOnly?: boolean;
}

function checkKey({ who, scope }: Needs, identity: Identity): true | AppError {
  if (!scope || who === 'service') return new Forbidden('API keys may not do this: it takes a person who signs in.');
  if (scope !== 'any' && !identity.scopes.includes(scope)) {
    return new Forbidden(`This API key needs the scope ${scope}.`, { requiredScope: scope });
  }
  return true;
}

/** Returns true, or the error with which a rule refuses an identity. Gateway and subgraphs decide by it alike. */
export function judge(needs: Needs, identity: Identity): true | AppError {
  const { who, right } = needs;
  if (identity.kind === 'share') return new Forbidden('A share link opens the pages and files of one report only.');
  if (identity.kind === 'apiKey') {
    const verdict = checkKey(needs, identity);
    if (verdict !== true) return verdict;
  }
  if (who === 'anyone') return true;
  if (who === 'service') return identity.kind === 'service' ? true : new Forbidden();
  if (!identity.organizationId) {
    if (identity.kind !== 'user') return new Unauthenticated();
    if (needs.isWithoutOrganization) return true;
    return new Forbidden('You belong to no organization: create one (createOrganization), or accept an invitation.');
  }
  const unfinished = needs.isForSetUp ? undefined : refuseUntilSetUp(identity);
  if (unfinished) return unfinished;
  if (identity.clientIds && !needs.isWithinClients) {
    return new Forbidden('Your membership is limited to some clients, and this shows more than theirs.');
  }
  if (identity.kind === 'apiKey' && needs.isScopeEnough) return true;
  if (who === 'signedIn' || hasRole(identity, who)) return true;
  if (right && hasRight(identity, right)) return true;
  return new Forbidden(`This needs the role ${who}${right ? `, or the right ${right}` : ''}.`);
}
