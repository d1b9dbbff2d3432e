import { createRequire } from 'node:module';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { applyMiddleware, type IMiddlewareFieldMap, type IMiddlewareTypeMap } from 'graphql-middleware';
import type { Entitlements } from '#runtime/entitlements/entitlements.js';
import { Forbidden, SubscriptionRequired } from '#runtime/errors.js';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import type { Identity, MemberRight, Role } from '#runtime/identity/identity.js';
import { judge, type Needs } from '#runtime/identity/judge.js';
import { policyNameOf } from '#runtime/identity/policy-name.js';

// The ES module build of graphql-shield 7.6.5 imports `isUndefined` from node:util, which Node 23 removed.
const { deny, rule, shield } = createRequire(import.meta.url)('graphql-shield') as typeof import('graphql-shield');

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
  /** Returns the rule of a mutation that begins a session: what is below it belongs to that session. */
  beginsSession(): Rule;
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

// By name, as shield refuses two rules of the same name.
const rules = new Map<string, Rule>();

function ruleFor(needs: Needs): Rule {
  const name = `${policyNameOf(needs)}${needs.isForReadOnly ? ' alsoReadOnly' : ''}`;
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
    beginsSession: () => ruleFor({ ...needs, beginsSession: true }),
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
