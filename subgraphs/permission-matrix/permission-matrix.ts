import { Kind } from 'graphql';
import { type ApiKeyScope, apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Identity, type Role, roles } from '#runtime/identity/identity.js';
import { judge, type Needs } from '#runtime/identity/judge.js';
import { judgePath, type PermissionPart, PermissionWalk, type Step } from './permission-walk.js';

export const columns = [
  'anonymous',
  'VIEWER of clients',
  'VIEWER with BILLING',
  ...[...roles].reverse(),
  'key without',
  'key with',
  'another organization',
] as const;
export type Column = (typeof columns)[number];

/** Allowed, the code of the refusal, or allowed with the caller's own data. */
export type Verdict = 'yes' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'own';

export interface MatrixRow {
  /** `Report.rows`. */
  name: string;
  /**
   * Each of these admits keys; where none does by itself, those needed with one of the path. `any` = every key is
   * admitted, empty = none.
   */
  scopes: ApiKeyScope[] | 'any';
  /** Whether the scopes do not suffice by themselves. */
  needsMore: boolean;
  verdicts: Record<Column, Verdict>;
  /** The path that refusals were determined on. */
  path: Step[];
}

export const allScopes: ApiKeyScope[] = apiKeyScopes.map(({ name }) => name);

/** Arguments with ids that are the same for every organization: all other ids are owned by one. */
const SHARED_IDS = ['providerId', 'providers', 'templateId', 'externalIds', 'planId'];

const ORGANIZATION = { organizationId: 'organization', requestId: 'matrix' };

export const personIn = (role: Role): Identity => ({
  ...ORGANIZATION,
  kind: 'user',
  userId: 'person',
  role,
  scopes: [],
});

/** A member limited to one client. */
export const personOfClients: Identity = { ...personIn('VIEWER'), clientIds: ['client'] };

/** A member with the right to manage the subscription, and the weakest role. */
export const billingPerson: Identity = { ...personIn('VIEWER'), rights: ['BILLING'] };

/** Returns an API key with scopes and the strongest role of keys. */
export const keyWithScopes = (scopes: ApiKeyScope[]): Identity => ({
  ...ORGANIZATION,
  kind: 'apiKey',
  apiKeyId: 'key',
  role: 'ANALYST',
  scopes,
});

/** Returns the arguments that take an owned id. */
export function ownedIdsOf({ node }: Step): string[] {
  const isId = (type: Step['node']['type']): boolean =>
    type.kind === Kind.NAMED_TYPE ? type.name.value === 'ID' : isId(type.type);
  const ids = (node.arguments ?? []).filter(({ type }) => isId(type)).map(({ name }) => name.value);
  return ids.filter((name) => !SHARED_IDS.includes(name));
}

function needsOwnedId(step: Step): boolean {
  const owned = ownedIdsOf(step);
  return (step.node.arguments ?? []).some(
    ({ name, type, defaultValue }) => owned.includes(name.value) && type.kind === Kind.NON_NULL_TYPE && !defaultValue,
  );
}

const passes = (identity: Identity) => (rules: Needs[]) => rules.every((needs) => judge(needs, identity) === true);

/** Returns a row for each field of the API, in the order of the contracts. */
export function permissionMatrix(parts: PermissionPart[]): MatrixRow[] {
  const walk = new PermissionWalk(parts);
  const everyPath = walk.paths(() => true);
  const reach = (identity: Identity) => walk.paths(passes(identity));
  const callers = new Map<Column, { identity: Identity; paths: Map<string, Step[]> }>();
  const add = (column: Column, identity: Identity) => callers.set(column, { identity, paths: reach(identity) });
  add('anonymous', anonymous('matrix'));
  add('VIEWER of clients', personOfClients);
  add('VIEWER with BILLING', billingPerson);
  for (const role of roles) add(role, personIn(role));
  add('key with', keyWithScopes(allScopes));

  const bare = reach(keyWithScopes([]));
  const single = allScopes.map((scope) => ({ scope, paths: reach(keyWithScopes([scope])) }));
  const without = new Map<string, { identity: Identity; paths: Map<string, Step[]> }>();
  const withoutScopes = (scopes: MatrixRow['scopes']) => {
    const identity = keyWithScopes(scopes === 'any' ? [] : allScopes.filter((scope) => !scopes.includes(scope)));
    const key = identity.scopes.join();
    const known = without.get(key) ?? { identity, paths: reach(identity) };
    without.set(key, known);
    return known;
  };
  const reached = callers.get('key with')?.paths;
  const scopesOf = (name: string): Pick<MatrixRow, 'scopes' | 'needsMore'> => {
    if (bare.has(name)) return { scopes: 'any', needsMore: false };
    const enough = single.filter(({ paths }) => paths.has(name)).map(({ scope }) => scope);
    if (enough.length > 0 || !reached?.has(name)) return { scopes: enough, needsMore: false };
    const needed = allScopes.filter((scope) => !withoutScopes([scope]).paths.has(name));
    return { scopes: needed, needsMore: true };
  };
  // On paths that require no id, another organization's owner gets their own data.
  const ownersPaths = reach(personIn('OWNER'));
  const ownPaths = walk.paths(passes(personIn('OWNER')), (step) => !needsOwnedId(step));
  const verdictElsewhere = (name: string, verdicts: Partial<Record<Column, Verdict>>): Verdict => {
    if (!ownersPaths.has(name)) return verdicts.OWNER ?? 'FORBIDDEN';
    if (!ownPaths.has(name)) return 'NOT_FOUND';
    return verdicts.anonymous === 'yes' ? 'yes' : 'own';
  };

  return [...everyPath].map(([name, path]) => {
    const { scopes, needsMore } = scopesOf(name);
    const verdictOf = ({ identity, paths }: { identity: Identity; paths: Map<string, Step[]> }): Verdict => {
      if (paths.has(name)) return 'yes';
      const refusal = judgePath(path, identity);
      return refusal === true ? 'yes' : (refusal.code as Verdict);
    };
    const verdicts: Partial<Record<Column, Verdict>> = Object.fromEntries(
      [...callers].map(([column, who]) => [column, verdictOf(who)]),
    );
    return {
      name,
      scopes,
      needsMore,
      path,
      verdicts: {
        ...verdicts,
        'key without': verdictOf(withoutScopes(scopes)),
        'another organization': verdictElsewhere(name, verdicts),
      } as MatrixRow['verdicts'],
    };
  });
}
