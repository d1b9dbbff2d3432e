import { Kind } from 'graphql';
import { judge, type Needs } from '#kit/permission.js';
import { type ApiKeyScope, apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Identity, type Role, roles } from '#runtime/identity/identity.js';
import { judgeWay, type PermissionPart, PermissionWalk, type Step } from './permission-walk.js';

/** Who asks: the columns of the matrix. */
export const columns = [
  'anonymous',
  ...[...roles].reverse(),
  'key without',
  'key with',
  'another organization',
] as const;
export type Column = (typeof columns)[number];

/** What becomes of it: answered, the code of the refusal, or answered with what is the asker's own. */
export type Verdict = 'yes' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'own';

/** What the matrix says of one field. */
export interface MatrixRow {
  /** `Report.rows`. */
  name: string;
  /**
   * Scopes of which each by itself opens it to keys; where none does, those that are needed beside one that leads there.
   * `any` = every key may, empty = none.
   */
  scopes: ApiKeyScope[] | 'any';
  /** Whether those scopes are not enough by themselves. */
  needsMore: boolean;
  verdicts: Record<Column, Verdict>;
  /** The way on which those who are refused were tried. */
  way: Step[];
}

export const allScopes: ApiKeyScope[] = apiKeyScopes.map(({ name }) => name);

/** Arguments with ids that are the same for everybody, by name: all others are ids of something that belongs to somebody. */
const SHARED_IDS = ['providerId', 'providers', 'templateId', 'externalIds'];

const ORGANIZATION = { organizationId: 'organization', requestId: 'matrix' };

/** Returns a person of an organization in a role. */
export const personIn = (role: Role): Identity => ({
  ...ORGANIZATION,
  kind: 'user',
  userId: 'person',
  role,
  scopes: [],
});

/** Returns an API key with scopes and the strongest role a key can have. */
export const keyWithScopes = (scopes: ApiKeyScope[]): Identity => ({
  ...ORGANIZATION,
  kind: 'apiKey',
  apiKeyId: 'key',
  role: 'ANALYST',
  scopes,
});

/** Returns the names of arguments that take an id of something that belongs to somebody. */
export function ownedIdsOf({ node }: Step): string[] {
  const isId = (type: Step['node']['type']): boolean =>
    type.kind === Kind.NAMED_TYPE ? type.name.value === 'ID' : isId(type.type);
  const ids = (node.arguments ?? []).filter(({ type }) => isId(type)).map(({ name }) => name.value);
  return ids.filter((name) => !SHARED_IDS.includes(name));
}

/** Whether a field cannot be asked for without an id of something that belongs to somebody. */
function needsOwnedId(step: Step): boolean {
  const owned = ownedIdsOf(step);
  return (step.node.arguments ?? []).some(
    ({ name, type, defaultValue }) => owned.includes(name.value) && type.kind === Kind.NON_NULL_TYPE && !defaultValue,
  );
}

const passes = (identity: Identity) => (rules: Needs[]) => rules.every((needs) => judge(needs, identity) === true);

/** Returns a row for each field that clients see, in the order of the contracts. */
export function permissionMatrix(parts: PermissionPart[]): MatrixRow[] {
  const walk = new PermissionWalk(parts);
  const everyWay = walk.ways(() => true);
  const reach = (identity: Identity) => walk.ways(passes(identity));
  const people = new Map<Column, { identity: Identity; ways: Map<string, Step[]> }>();
  const add = (column: Column, identity: Identity) => people.set(column, { identity, ways: reach(identity) });
  add('anonymous', anonymous('matrix'));
  for (const role of roles) add(role, personIn(role));
  add('key with', keyWithScopes(allScopes));

  const bare = reach(keyWithScopes([]));
  const single = allScopes.map((scope) => ({ scope, ways: reach(keyWithScopes([scope])) }));
  const without = new Map<string, { identity: Identity; ways: Map<string, Step[]> }>();
  const withoutScopes = (scopes: MatrixRow['scopes']) => {
    const identity = keyWithScopes(scopes === 'any' ? [] : allScopes.filter((scope) => !scopes.includes(scope)));
    const key = identity.scopes.join();
    const known = without.get(key) ?? { identity, ways: reach(identity) };
    without.set(key, known);
    return known;
  };
  const reached = people.get('key with')?.ways;
  const scopesOf = (name: string): Pick<MatrixRow, 'scopes' | 'needsMore'> => {
    if (bare.has(name)) return { scopes: 'any', needsMore: false };
    const enough = single.filter(({ ways }) => ways.has(name)).map(({ scope }) => scope);
    if (enough.length > 0 || !reached?.has(name)) return { scopes: enough, needsMore: false };
    const needed = allScopes.filter((scope) => !withoutScopes([scope]).ways.has(name));
    return { scopes: needed, needsMore: true };
  };
  // Somebody else's owner may do what an owner may, with what is theirs: a way on which no id has to be given.
  const ownersWays = reach(personIn('OWNER'));
  const ownWays = walk.ways(passes(personIn('OWNER')), (step) => !needsOwnedId(step));
  const verdictElsewhere = (name: string, verdicts: Partial<Record<Column, Verdict>>): Verdict => {
    if (!ownersWays.has(name)) return verdicts.OWNER ?? 'FORBIDDEN';
    if (!ownWays.has(name)) return 'NOT_FOUND';
    return verdicts.anonymous === 'yes' ? 'yes' : 'own';
  };

  return [...everyWay].map(([name, way]) => {
    const { scopes, needsMore } = scopesOf(name);
    const verdictOf = ({ identity, ways }: { identity: Identity; ways: Map<string, Step[]> }): Verdict => {
      if (ways.has(name)) return 'yes';
      const refusal = judgeWay(way, identity);
      return refusal === true ? 'yes' : (refusal.code as Verdict);
    };
    const verdicts: Partial<Record<Column, Verdict>> = Object.fromEntries(
      [...people].map(([column, who]) => [column, verdictOf(who)]),
    );
    return {
      name,
      scopes,
      needsMore,
      way,
      verdicts: {
        ...verdicts,
        'key without': verdictOf(withoutScopes(scopes)),
        'another organization': verdictElsewhere(name, verdicts),
      } as MatrixRow['verdicts'],
    };
  });
}
