import { createRequire } from 'node:module';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { applyMiddleware, type IMiddlewareFieldMap, type IMiddlewareTypeMap } from 'graphql-middleware';
import type { Entitlements } from '#runtime/entitlements/entitlements.js';
import { type AppError, Forbidden, SubscriptionRequired, Unauthenticated } from '#runtime/errors.js';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import { hasRight, hasRole, type Identity, type MemberRight, type Role } from '#runtime/identity/identity.js';
import { refuseUntilSetUp } from '#runtime/identity/set-up-session.js';

// The ES module build of graphql-shield 7.6.5 imports `isUndefined` from node:util, which Node 23 removed.
const { deny, rule, shield } = createRequire(import.meta.url)('graphql-shield') as typeof import('graphql-shield');

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
  /** Of a mutation: whether it is open while the organization can only read. */
  isForReadOnly?: boolean;
}

export type Rule = ReturnType<ReturnType<typeof rule>> & {
  readonly needs: Needs;
  /** Returns the rule that also admits API keys with `scope`. */
  withScope(scope: ApiKeyScope): Rule;
  /** Returns the rule that also admits API keys with `scope`, whatever role they act with. */
  orKeyWith(scope: ApiKeyScope): Rule;
  /** Returns the rule that also admits users with `right`, whatever their role. */
  orRight(right: MemberRight): Rule;
  /** Returns the rule that also admits every API key. */
  withAnyScope(): Rule;
  /** Returns the rule that also admits users who belong to no organization. */
  alsoWithoutOrganization(): Rule;
  /** Returns the rule that also admits members limited to some clients: what it opens shows nothing of others. */
  withinClients(): Rule;
  /** Returns the rule of a mutation that stays open while the organization can only read; every other one is refused then. */
  alsoReadOnly(): Rule;
};

/** The rules of one subgraph. What is not listed on Query and Mutation is denied. */
export interface Permissions {
  Query: Record<string, Rule>;
  Mutation?: Record<string, Rule>;
  /** For entities loaded by key, past every other rule; by type. */
  entities: Record<string, Rule>;
  /** By type and field. */
  fields?: Record<string, Record<string, Rule>>;
}

interface Guarded {
  identity: Identity;
  services: { entitlements: Pick<Entitlements, 'of'> };
}

function checkKey({ who, scope }: Needs, identity: Identity): true | AppError {
  if (!scope || who === 'service') return new Forbidden('API keys may not do this: it takes a person who signs in.');
  if (scope !== 'any' && !identity.scopes.includes(scope)) {
    return new Forbidden(`This API key needs the scope ${scope}.`, { requiredScope: scope });
  }
  return true;
}

/** Returns true, or the error with which a rule refuses an identity. */
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

// By name, as shield refuses two rules of the same name.
const rules = new Map<string, Rule>();

function ruleFor(needs: Needs): Rule {
  const { who, right, scope = '', isScopeEnough, isForSetUp, isWithoutOrganization } = needs;
  const { isWithinClients, isForReadOnly } = needs;
  const name = [
    who,
    right ? `or right ${right}` : '',
    isScopeEnough ? 'or key with' : '',
    scope,
    isForSetUp ? 'for set-up' : '',
    isWithoutOrganization ? 'without organization' : '',
    isWithinClients ? 'within clients' : '',
    isForReadOnly ? 'for read-only' : '',
  ].join(' ');
  const known = rules.get(name);
  if (known) return known;
  const bare = rule(name, { cache: 'contextual' })((_parent, _args, { identity }: Guarded) => judge(needs, identity));
  const made = Object.assign(bare, {
    needs,
    withScope: (scope: ApiKeyScope) => ruleFor({ ...needs, scope }),
    orKeyWith: (scope: ApiKeyScope) => ruleFor({ ...needs, scope, isScopeEnough: true }),
    orRight: (right: MemberRight) => ruleFor({ ...needs, right }),
    withAnyScope: () => ruleFor({ ...needs, scope: 'any' }),
    alsoWithoutOrganization: () => ruleFor({ ...needs, isWithoutOrganization: true }),
    withinClients: () => ruleFor({ ...needs, isWithinClients: true }),
    alsoReadOnly: () => ruleFor({ ...needs, isForReadOnly: true }),
  });
  rules.set(name, made);
  return made;
}

export const anyone = ruleFor({ who: 'anyone' });

/** A user of an organization, or a service that acts for one. */
export const signedIn = ruleFor({ who: 'signedIn' });

/** The same, also for a user who must set up a second factor. */
export const signedInForSetUp = ruleFor({ who: 'signedIn', isForSetUp: true });

export const service = ruleFor({ who: 'service' });

/** A user with `role` or a stronger one; with a scope, also an API key that has it. */
export const atLeast = (role: Role, scope?: ApiKeyScope): Rule => ruleFor({ who: role, scope });

/** An owner, or a user with the right BILLING; no API key. Also while the organization can only read. */
export const billingManager = atLeast('OWNER').orRight('BILLING').alsoReadOnly();

// Errors pass unchanged: format-error.ts decides what a client sees.
const shieldOptions = { allowExternalErrors: true, fallbackRule: deny, fallbackError: new Forbidden() };

const SURPLUS_MEMBER =
  'Your organization has more members than its plan includes, and you can only read: an owner can keep you instead of another, or change the plan.';

async function refuseReadOnly({ identity, services }: Guarded): Promise<true | unknown> {
  const { kind, organizationId, isReadOnly } = identity;
  if (!organizationId || (kind !== 'user' && kind !== 'apiKey')) return true;
  if (isReadOnly) return new Forbidden(SURPLUS_MEMBER);
  try {
    const { access } = await services.entitlements.of(organizationId);
    return access === 'FULL' ? true : new SubscriptionRequired();
  } catch (error) {
    // Returned, as shield takes what is thrown for a refusal.
    return error;
  }
}

/**
 * Returns the rules of mutations, which also refuse users and API keys of an organization that can only read, and members who can, unless
 * the rule is open then. Services pass.
 */
function changing(rules: Record<string, Rule>) {
  const gated = ([field, own]: [string, Rule]) => {
    if (own.needs.isForReadOnly || own.needs.who === 'service') return [field, own];
    const both = rule({ cache: 'no_cache' })(async (parent, args, context, info) => {
      const verdict = await own.resolve(parent, args, context, info, shieldOptions as never);
      return verdict === true ? ((await refuseReadOnly(context)) as true | Error) : verdict;
    });
    return [field, both];
  };
  return Object.fromEntries(Object.entries(rules).map(gated)) as Record<string, ReturnType<ReturnType<typeof rule>>>;
}

// One verdict per type in the call, not per entity.
function entityRule(entities: Record<string, Rule>) {
  return rule({ cache: 'no_cache' })(
    async (parent, args: { representations: { __typename: string }[] }, context, info: GraphQLResolveInfo) => {
      for (const type of new Set(args.representations.map(({ __typename }) => __typename))) {
        const verdict = await entities[type]?.resolve(parent, {}, context, info, shieldOptions as never);
        if (verdict !== true) return verdict instanceof Error ? verdict : new Forbidden();
      }
      return true;
    },
  );
}

// With every scalar wrapped in an allowing rule, long lists are many times slower.
function confine(middleware: IMiddlewareTypeMap, fields: NonNullable<Permissions['fields']>): IMiddlewareTypeMap {
  const { Query, Mutation } = middleware;
  const confined: IMiddlewareTypeMap = { ...(Query && { Query }), ...(Mutation && { Mutation }) };
  for (const [type, rules] of Object.entries(fields)) {
    const all = middleware[type] as IMiddlewareFieldMap;
    confined[type] = Object.fromEntries(Object.keys(rules).map((field) => [field, all[field]])) as IMiddlewareFieldMap;
  }
  return confined;
}

/** Puts graphql-shield in front of the resolvers: deny by default, confined to the listed fields. */
export function applyPermissions(schema: GraphQLSchema, permissions: Permissions): GraphQLSchema {
  const { Query, Mutation, entities, fields = {} } = permissions;
  const tree = {
    Query: { '*': deny, ...Query, _service: service, _entities: entityRule(entities) },
    ...(Mutation && { Mutation: { '*': deny, ...changing(Mutation) } }),
    ...fields,
  };
  const middleware = shield(tree, shieldOptions).generate(schema) as IMiddlewareTypeMap;
  return applyMiddleware(schema, confine(middleware, fields));
}
