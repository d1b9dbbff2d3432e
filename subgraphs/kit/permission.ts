import { createRequire } from 'node:module';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { applyMiddleware, type IMiddlewareFieldMap, type IMiddlewareTypeMap } from 'graphql-middleware';
import { AppError, Forbidden, Unauthenticated } from '#runtime/errors.js';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import { hasRole, type Identity, type Role } from '#runtime/identity/identity.js';

// The ES module build of graphql-shield 7.6.5 imports `isUndefined` from node:util, which Node 23 removed.
const { deny, rule, shield } = createRequire(import.meta.url)('graphql-shield') as typeof import('graphql-shield');

/** Whom a rule lets through. */
export interface Needs {
  /** The weakest role that may; `signedIn` = any of them, and parts of WebMetrics that act for an organization. */
  who: 'anyone' | 'signedIn' | 'service' | Role;
  /** The scope an API key needs; `any` = every key of an organization may, undefined = none. */
  scope?: ApiKeyScope | 'any';
  /** Whether it is also open to a person who must set up a second factor before anything else. */
  isForSetUp?: boolean;
}

/** A rule, which is closed to API keys unless it says what they need. */
export type Rule = ReturnType<ReturnType<typeof rule>> & {
  readonly needs: Needs;
  /** Returns the rule that also lets API keys through that have `scope`. */
  withScope(scope: ApiKeyScope): Rule;
  /** Returns the rule that also lets every API key through: for what says nothing but whose key it is. */
  withAnyScope(): Rule;
};

/** Who may do what in one subgraph. What is not listed on Query and Mutation is denied. */
export interface Permissions {
  Query: Record<string, Rule>;
  Mutation?: Record<string, Rule>;
  /** Who may load an entity by its key: the way in for the gateway, past every other rule. */
  entities: Record<string, Rule>;
  /** Rules on fields of other types, by type and field. */
  fields?: Record<string, Record<string, Rule>>;
}

interface Guarded {
  identity: Identity;
}

function checkKey({ who, scope }: Needs, identity: Identity): true | AppError {
  if (!scope || who === 'service') return new Forbidden('API keys may not do this: it takes a person who signs in.');
  if (scope !== 'any' && !identity.scopes.includes(scope)) {
    return new Forbidden(`This API key needs the scope ${scope}.`, { requiredScope: scope });
  }
  return true;
}

/** Returns true, or the error with which a rule that needs this refuses an identity. */
export function judge(needs: Needs, identity: Identity): true | AppError {
  const { who } = needs;
  if (identity.kind === 'apiKey') {
    const verdict = checkKey(needs, identity);
    if (verdict !== true) return verdict;
  }
  if (who === 'anyone') return true;
  if (who === 'service') return identity.kind === 'service' ? true : new Forbidden();
  if (!identity.organizationId) return new Unauthenticated();
  if (identity.mustSetUpTwoFactor && !needs.isForSetUp) {
    const message = 'Your organization demands two-factor sign-in: set it up first, with startTwoFactor.';
    return new AppError(message, 'TWO_FACTOR_SETUP_REQUIRED');
  }
  if (who === 'signedIn' || hasRole(identity, who)) return true;
  return new Forbidden(`This needs the role ${who}.`);
}

// One rule for the same needs, because shield refuses two rules of the same name.
const rules = new Map<string, Rule>();

function ruleFor(needs: Needs): Rule {
  const name = [needs.who, needs.scope ?? '', needs.isForSetUp ? 'for set-up' : ''].join(' ');
  const known = rules.get(name);
  if (known) return known;
  const bare = rule(name, { cache: 'contextual' })((_parent, _args, { identity }: Guarded) => judge(needs, identity));
  const made = Object.assign(bare, {
    needs,
    withScope: (scope: ApiKeyScope) => ruleFor({ ...needs, scope }),
    withAnyScope: () => ruleFor({ ...needs, scope: 'any' }),
  });
  rules.set(name, made);
  return made;
}

/** Anyone, with or without credentials. */
export const anyone = ruleFor({ who: 'anyone' });

/** A person of some organization, or a service that acts for one. */
export const signedIn = ruleFor({ who: 'signedIn' });

/** The same, also for a person who must set up a second factor before anything else. */
export const signedInForSetUp = ruleFor({ who: 'signedIn', isForSetUp: true });

/** A part of WebMetrics itself. */
export const service = ruleFor({ who: 'service' });

/** Someone whose role in the organization is `role` or stronger; with a scope, also an API key that has it. */
export const atLeast = (role: Role, scope?: ApiKeyScope): Rule => ruleFor({ who: role, scope });

// Errors leave as they are thrown (format-error.ts decides what a client sees), and what no rule allows is denied.
const shieldOptions = { allowExternalErrors: true, fallbackRule: deny, fallbackError: new Forbidden() };

/** One verdict per kind of entity in the call, not per entity: a page of 1000 costs what one costs. */
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

/** Keeps the rules that decide something: wrapping every scalar in an allowing rule makes long lists many times slower. */
function confine(middleware: IMiddlewareTypeMap, fields: NonNullable<Permissions['fields']>): IMiddlewareTypeMap {
  const { Query, Mutation } = middleware;
  const confined: IMiddlewareTypeMap = { ...(Query && { Query }), ...(Mutation && { Mutation }) };
  for (const [type, rules] of Object.entries(fields)) {
    const all = middleware[type] as IMiddlewareFieldMap;
    confined[type] = Object.fromEntries(Object.keys(rules).map((field) => [field, all[field]])) as IMiddlewareFieldMap;
  }
  return confined;
}

/** Returns the schema with graphql-shield in front of its resolvers: deny by default, confined to where it decides. */
export function applyPermissions(schema: GraphQLSchema, permissions: Permissions): GraphQLSchema {
  const { Query, Mutation, entities, fields = {} } = permissions;
  const tree = {
    Query: { '*': deny, ...Query, _service: service, _entities: entityRule(entities) },
    ...(Mutation && { Mutation: { '*': deny, ...Mutation } }),
    ...fields,
  };
  const middleware = shield(tree, shieldOptions).generate(schema) as IMiddlewareTypeMap;
  return applyMiddleware(schema, confine(middleware, fields));
}
