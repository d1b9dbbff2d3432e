import {
  baseType,
  type EnumType,
  type FieldDefinition,
  type NamedType,
  type ObjectType,
  type Schema,
  type Type,
} from '@apollo/federation-internals';
import { needsOfPolicy, policyOfEntity } from '#runtime/identity/policy-name.js';
import type { AnyOf, Requirement } from './requirement.js';

/** A field of an object type, as the supergraph has it. */
export interface AuthorizedField {
  /** The subgraphs that resolve it. */
  graphs: ReadonlySet<string>;
  /** Whether its object is loaded by its key even where the subgraph has it, as for `@requires`. */
  isAlwaysByKey: boolean;
  /** What it demands where its object is at hand in its subgraph; undefined = nothing. */
  atHand: Requirement | undefined;
  /** What it demands where its object is loaded by its key. */
  byKey: Requirement | undefined;
  /** Whether what is below it belongs to another identity than the one that asks. */
  beginsSession: boolean;
}

/** The fields of a supergraph by type and name; none for what no subgraph resolves. */
export type AuthorizedFields = ReadonlyMap<string, ReadonlyMap<string, AuthorizedField>>;

/** What the directives of an element demand. */
interface Demands {
  isAuthenticated: boolean;
  scopes: AnyOf<string>[];
  policies: AnyOf<string>[];
}

const IDENTITY = 'https://specs.apollo.dev/';

type Directed = FieldDefinition<ObjectType> | NamedType;

class RequirementReader {
  readonly #schema: Schema;
  /** undefined = the supergraph does not link it. */
  readonly #names: Record<'authenticated' | 'requiresScopes' | 'policy', string | undefined>;
  readonly #known = new Map<string, Requirement>();

  constructor(schema: Schema) {
    this.#schema = schema;
    const nameOf = (directive: string) =>
      schema.coreFeatures?.getByIdentity(`${IDENTITY}${directive}`)?.directiveNameInSchema(directive);
    this.#names = {
      authenticated: nameOf('authenticated'),
      requiresScopes: nameOf('requiresScopes'),
      policy: nameOf('policy'),
    };
  }

  get isInUse(): boolean {
    return Object.values(this.#names).some(Boolean);
  }

  #argument<Value>(element: Directed, directive: string | undefined, argument: string): Value[] {
    if (!directive) return [];
    return element
      .appliedDirectivesOf(directive)
      .map((applied) => (applied.arguments() as Record<string, Value>)[argument] as Value);
  }

  #demandsOf(element: Directed): Demands {
    const { authenticated, requiresScopes, policy } = this.#names;
    return {
      isAuthenticated: authenticated !== undefined && element.hasAppliedDirective(authenticated),
      scopes: this.#argument(element, requiresScopes, 'scopes'),
      policies: this.#argument(element, policy, 'policies'),
    };
  }

  /** Returns what all of these demand; undefined = nothing. */
  #requirementOf(all: Demands[]): Requirement | undefined {
    const isAuthenticated = all.some((demands) => demands.isAuthenticated);
    const scopes = all.flatMap((demands) => demands.scopes);
    const policies = all.flatMap((demands) => demands.policies);
    if (!isAuthenticated && scopes.length === 0 && policies.length === 0) return undefined;
    const key = JSON.stringify([isAuthenticated, scopes, policies]);
    const known = this.#known.get(key);
    if (known) return known;
    const requirement: Requirement = {
      id: this.#known.size,
      isAuthenticated,
      scopes,
      policies: policies.map((lists) =>
        lists.map((names) => names.map((name) => ({ name, needs: needsOfPolicy(name) }))),
      ),
    };
    this.#known.set(key, requirement);
    return requirement;
  }

  /** Returns the names of the subgraphs, as directives of the specification `join` call them. */
  graphNames(): Map<string, string> {
    const graphs = this.#schema.type('join__Graph') as EnumType | undefined;
    return new Map(
      graphs?.values.map((value) => {
        const [graph] = value.appliedDirectivesOf('join__graph');
        return [value.name, (graph?.arguments() as { name?: string } | undefined)?.name ?? value.name];
      }),
    );
  }

  fieldOf(field: FieldDefinition<ObjectType>, graphNames: Map<string, string>): AuthorizedField {
    const type = field.parent;
    const joined = field.appliedDirectivesOf('join__field').map((one) => one.arguments() as JoinedField);
    const resolving = joined.filter(({ graph, external, usedOverridden }) => graph && !external && !usedOverridden);
    const ofType = type.appliedDirectivesOf('join__type').map((one) => (one.arguments() as JoinedField).graph);
    const names = resolving.length > 0 ? resolving.map(({ graph }) => graph) : ofType;
    const returned = baseType(field.type as Type);
    const demands = [type, field, returned].map((element) => this.#demandsOf(element as Directed));
    const policies = demands.flatMap((one) => one.policies.flat(2));
    return {
      graphs: new Set(names.flatMap((name) => (name ? [graphNames.get(name) ?? name] : []))),
      isAlwaysByKey: joined.some(({ requires }) => requires !== undefined),
      atHand: this.#requirementOf(demands.map(atHand)),
      byKey: this.#requirementOf(demands.map(byKey)),
      beginsSession: policies.some((name) => needsOfPolicy(name)?.beginsSession),
    };
  }

  read(): AuthorizedFields {
    const graphNames = this.graphNames();
    return new Map(
      [...this.#schema.objectTypes()].map((type) => [
        type.name,
        new Map(type.fields().map((field) => [field.name, this.fieldOf(field, graphNames)])),
      ]),
    );
  }
}

interface JoinedField {
  graph?: string;
  requires?: string;
  external?: boolean;
  usedOverridden?: boolean;
}

const byKey = (demands: Demands): Demands => ({
  ...demands,
  policies: demands.policies.map((lists) => lists.map((names) => names.map((name) => policyOfEntity(name) ?? name))),
});

/** Leaves out the policies of entities; lists of nothing else hold. */
function atHand(demands: Demands): Demands {
  const policies = demands.policies
    .map((lists) => lists.map((names) => names.filter((name) => policyOfEntity(name) === undefined)))
    .filter((lists) => lists.every((names) => names.length > 0));
  return { ...demands, policies };
}

/** Returns what the fields of a supergraph demand; undefined = its directives demand nothing. */
export function readRequirements(schema: Schema): AuthorizedFields | undefined {
  const reader = new RequirementReader(schema);
  return reader.isInUse ? reader.read() : undefined;
}
