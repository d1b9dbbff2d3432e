import { readFileSync } from 'node:fs';
import { buildSchema as buildSupergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isCompositeType, isObjectType, parse } from 'graphql';
import type { AppError } from '#runtime/errors.js';
import { anonymous, type Identity, roles } from '#runtime/identity/identity.js';
import { schemaFile } from '#schema/type-definitions.js';
import {
  allScopes,
  billingPerson,
  keyWithScopes,
  personIn,
  personOfClients,
} from '#subgraphs/permission-matrix/permission-matrix.js';
import { permissionParts } from '#subgraphs/permission-matrix/permission-parts.js';
import { judgePath, PermissionWalk, type Step } from '#subgraphs/permission-matrix/permission-walk.js';
import { createAuthorization, type Refusals } from './authorization.js';
import { permittedPart } from './permitted-part.js';

const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
const supergraph = buildSupergraph(readFileSync(schemaFile('supergraph.graphql'), 'utf8'), { validate: false });
const authorization = createAuthorization(supergraph, api);
const parts = await permissionParts();
const walk = new PermissionWalk(parts);

const service: Identity = { ...anonymous('matrix'), kind: 'service', organizationId: 'organization' };
const identities: [string, Identity][] = [
  ['nobody', anonymous('matrix')],
  ...roles.map((role): [string, Identity] => [role, personIn(role)]),
  ['a VIEWER of clients', personOfClients],
  ['a VIEWER with BILLING', billingPerson],
  ['a user who must set up a second factor', { ...personIn('OWNER'), mustSetUpTwoFactor: true }],
  ['a user without organization', { ...anonymous('matrix'), kind: 'user', userId: 'person' }],
  ['a service for an organization', service],
  ['a service', { ...service, organizationId: undefined }],
  ['a share link', { ...anonymous('matrix'), kind: 'share', share: { shareId: 'share', reportId: 'report' } }],
  ['a key without scopes', keyWithScopes([])],
  ['a key with all scopes', keyWithScopes(allScopes)],
  ...allScopes.map((scope): [string, Identity] => [`a key with ${scope}`, keyWithScopes([scope])]),
  ...allScopes.map((scope): [string, Identity] => [
    `a key with all scopes but ${scope}`,
    keyWithScopes(allScopes.filter((one) => one !== scope)),
  ]),
];

/** Each path to an object type, the roots included. */
const ways: [type: string, way: Step[]][] = [
  ['Query', []],
  ['Mutation', []],
  ...[...walk.paths(() => true).values()]
    .map((way): [string, Step[]] => [way.at(-1)?.target ?? '', way])
    .filter(([type]) => isObjectType(api.getType(type))),
];

function isComposite({ type, field }: Step): boolean {
  const owner = api.getType(type);
  const definition = isObjectType(owner) ? owner.getFields()[field] : undefined;
  return isCompositeType(definition && getNamedType(definition.type));
}

/** Returns an operation with all these fields; arguments do not matter to what they demand. */
function operationOf(way: Step[], fields: Step[]): string {
  const [root] = [...way, ...fields];
  const selected = fields.map((step) => step.field + (isComposite(step) ? ' { __typename }' : '')).join(' ');
  const text = way.reduceRight((inner, { field }) => `{ ${field} ${inner} }`, `{ ${selected} }`);
  return `${root?.type === 'Mutation' ? 'mutation' : 'query'} ${text}`;
}

const described = (verdict: true | AppError | undefined) =>
  verdict === undefined || verdict === true
    ? 'permitted'
    : `${verdict.code} ${verdict.requiredScope ?? ''} ${verdict.message}`;

/** Returns what the gateway says to each field at the end of a way, by its name: what refuses it, or something above it. */
function gatewayVerdicts(text: string, way: Step[], fields: Step[], identity: Identity): Map<string, string> {
  if (!authorization) throw new Error('The supergraph demands nothing.');
  const document = parse(text);
  const request = { document, request: {}, context: { identity } } as never;
  const refusals: Refusals = authorization.refusalsOf(text, request) ?? new Map();
  const { refused } = permittedPart(authorization, document, undefined, (requirement) => refusals.has(requirement));
  return new Map(
    fields.map((step) => {
      const path = [...way, step];
      const found = refused.find(({ steps }) => steps.every(({ name }, index) => name === path[index]?.field));
      return [step.field, described(found && refusals.get(found.requirement))];
    }),
  );
}

/** Whether what is below belongs to a session that the operation begins. */
const isOfSession = ([root]: Step[]) => root?.rules.some(({ beginsSession }) => beginsSession) ?? false;

describe('what the directives of the supergraph demand', () => {
  it('is what the rules demand: of every field, on every path to its type', () => {
    const differing: string[] = [];
    let compared = 0;
    for (const [type, way] of ways) {
      const fields = (walk.types().get(type) ?? [])
        .map((field) => walk.step(way.at(-1), { type, field }))
        .filter(({ isVisible }) => isVisible);
      const text = operationOf(way, fields);
      for (const [who, identity] of identities) {
        const verdicts = gatewayVerdicts(text, way, fields, identity);
        for (const step of fields) {
          compared += 1;
          const path = [...way, step];
          const judged = isOfSession(way) ? path.slice(0, 1) : path;
          const expected = described(judgePath(judged, identity));
          const actual = verdicts.get(step.field);
          if (actual === expected) continue;
          differing.push(`${path.map(({ field }) => field).join('.')} for ${who}: ${actual} instead of ${expected}`);
        }
      }
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(40_000);
  });

  it('leaves to the subgraphs what belongs to a session that the operation begins', () => {
    const ofSessions = parts.flatMap(({ permissions: { Mutation = {} } }) =>
      Object.entries(Mutation).flatMap(([field, { needs }]) => (needs.beginsSession ? [field] : [])),
    );
    const answering = Object.values(api.getMutationType()?.getFields() ?? {});
    expect(ofSessions.sort()).toEqual(
      answering.flatMap(({ name, type }) => (String(type) === 'AuthPayload!' ? [name] : [])).sort(),
    );
  });
});
