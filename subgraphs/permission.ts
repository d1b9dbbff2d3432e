import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { applyMiddleware, type IMiddlewareFieldMap, type IMiddlewareTypeMap } from 'graphql-middleware';
import { deny, rule, shield } from 'graphql-shield';
import { Forbidden, Unauthenticated } from '../ops/runtime/errors.js';
import { hasRole, type Identity, type Role, roles } from '../ops/runtime/identity.js';
import { refuseUntilSetUp } from './two-factor-set-up.js';

export type Rule = ReturnType<ReturnType<typeof rule>>;

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

type Check = (identity: Identity) => true | Error;

const asRule = (name: string, check: Check): Rule =>
  rule(name, { cache: 'contextual' })((_parent, _args, { identity }: Guarded) => check(identity));

/** Anyone, with or without credentials. */
export const anyone = asRule('anyone', () => true);

const belongs: Check = ({ organizationId }) => (organizationId ? true : new Unauthenticated());

/** A person or an API key of some organization, or a service that acts for one. */
export const signedIn = asRule('signedIn', (identity) => refuseUntilSetUp(identity) ?? belongs(identity));

/** The same, also for a person who must set up a second factor before anything else. */
export const signedInForSetUp = asRule('signedInForSetUp', belongs);

/** A part of WebMetrics itself. */
export const service = asRule('service', ({ kind }) => (kind === 'service' ? true : new Forbidden()));

const roleRule = (role: Role): Rule =>
  asRule(`atLeast${role}`, (identity) => {
    if (!identity.organizationId) return new Unauthenticated();
    const refusal = refuseUntilSetUp(identity);
    if (refusal) return refusal;
    return hasRole(identity, role) ? true : new Forbidden(`This needs the role ${role}.`);
  });

// One rule per role, because shield refuses two rules of the same name.
const roleRules = Object.fromEntries(roles.map((role) => [role, roleRule(role)])) as Record<Role, Rule>;

/** Someone whose role in the organization is `role` or stronger. */
export const atLeast = (role: Role): Rule => roleRules[role];

// Errors leave as they are thrown (format-error.ts decides what a client sees), and what no rule allows is denied.
const shieldOptions = { allowExternalErrors: true, fallbackRule: deny, fallbackError: new Forbidden() };

/** One verdict per kind of entity in the call, not per entity: a page of 1000 costs what one costs. */
function entityRule(entities: Record<string, Rule>): Rule {
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
