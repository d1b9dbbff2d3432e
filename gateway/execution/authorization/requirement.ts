import { type AppError, Forbidden, Unauthenticated } from '#runtime/errors.js';
import { isApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import type { Identity } from '#runtime/identity/identity.js';
import { judge, type Needs } from '#runtime/identity/judge.js';

/** Lists of which one must hold entirely. */
export type AnyOf<Value> = readonly (readonly Value[])[];

/** A name in `@policy`. */
export interface Policy {
  name: string;
  /** undefined = a policy that we do not know: it holds for nobody. */
  needs: Needs | undefined;
}

/** What the directives `@authenticated`, `@requiresScopes` and `@policy` demand for a field: all of it. */
export interface Requirement {
  /** Among those of one supergraph. */
  id: number;
  isAuthenticated: boolean;
  scopes: readonly AnyOf<string>[];
  policies: readonly AnyOf<Policy>[];
}

type Verdict = true | AppError;

function judgePolicy({ name, needs }: Policy, identity: Identity): Verdict {
  return needs ? judge(needs, identity) : new Forbidden(`This gateway does not know the policy "${name}".`);
}

/** A scope limits API keys only: whoever signs in has every one. */
function judgeScope(scope: string, { kind, scopes }: Identity): Verdict {
  if (kind === 'user' || kind === 'service' || scopes.includes(scope)) return true;
  if (kind === 'anonymous') return new Unauthenticated();
  return new Forbidden(`This API key needs the scope ${scope}.`, isApiKeyScope(scope) ? { requiredScope: scope } : {});
}

/** Returns true, or why the first list does not hold. */
function judgeAny<Value>(lists: AnyOf<Value>, judgeOne: (value: Value) => Verdict): Verdict {
  let refusal: Verdict = true;
  for (const list of lists) {
    const failed = list.map(judgeOne).find((verdict) => verdict !== true);
    if (!failed) return true;
    if (refusal === true) refusal = failed;
  }
  return refusal;
}

/**
 * Returns true, or the error with which an identity is refused. Policies decide first: those of our own rules demand all that the rule
 * does, so the error is the one with which the subgraph would refuse.
 */
export function judgeRequirement({ isAuthenticated, scopes, policies }: Requirement, identity: Identity): Verdict {
  for (const lists of policies) {
    const verdict = judgeAny(lists, (policy) => judgePolicy(policy, identity));
    if (verdict !== true) return verdict;
  }
  for (const lists of scopes) {
    const verdict = judgeAny(lists, (scope) => judgeScope(scope, identity));
    if (verdict !== true) return verdict;
  }
  return isAuthenticated && identity.kind === 'anonymous' ? new Unauthenticated() : true;
}
