import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Permissions } from '#kit/permission.js';
import type { Needs } from '#runtime/identity/judge.js';
import { entityPolicyNameOf, policyNameOf } from '#runtime/identity/policy-name.js';

/** A subgraph's contract and its rules. */
export interface AuthorizedPart {
  name: string;
  typeDefinitions: DocumentNode;
  permissions: Permissions;
}

/** What the directives of a field demand: all of it. */
interface Demands {
  isAuthenticated: boolean;
  scopes: Set<string>;
  policies: Set<string>;
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;
type Directed = { readonly directives?: readonly ConstDirectiveNode[] };

const DIRECTIVES = ['@authenticated', '@requiresScopes', '@policy'];

const isObject = (node: { kind: Kind }): node is ObjectNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

const directiveOf = ({ directives = [] }: Directed, name: string) =>
  directives.find((directive) => directive.name.value === name);

function textOf(directive: ConstDirectiveNode | undefined, argument: string): string | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

const text = (value: string): ConstValueNode => ({ kind: Kind.STRING, value });
const list = (values: ConstValueNode[]): ConstValueNode => ({ kind: Kind.LIST, values });

function directive(name: string, argument?: string, all: Iterable<string> = []): ConstDirectiveNode {
  const value = list([list([...all].map(text))]);
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    ...(argument && {
      arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument }, value }],
    }),
  };
}

function directivesOf({ isAuthenticated, scopes, policies }: Demands): ConstDirectiveNode[] {
  return [
    ...(isAuthenticated ? [directive('authenticated')] : []),
    ...(scopes.size > 0 ? [directive('requiresScopes', 'scopes', scopes)] : []),
    ...(policies.size > 0 ? [directive('policy', 'policies', policies)] : []),
  ];
}

const namedTypeOf = ({ type }: FieldDefinitionNode): string => {
  let node = type;
  while (node.kind !== Kind.NAMED_TYPE) node = node.type;
  return node.name.value;
};

function selectionsIn(fields: string): SelectionSetNode {
  const [operation] = parse(`{ ${fields} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`These are no fields: ${fields}.`);
  return operation.selectionSet;
}

class Directives {
  readonly #parts: readonly AuthorizedPart[];
  /** How many subgraphs have a type. */
  readonly #shares = new Map<string, number>();

  constructor(parts: readonly AuthorizedPart[]) {
    this.#parts = parts;
    for (const { typeDefinitions } of parts) {
      const names = new Set(typeDefinitions.definitions.filter(isObject).map(({ name }) => name.value));
      for (const name of names) this.#shares.set(name, (this.#shares.get(name) ?? 0) + 1);
    }
  }

  /** Returns the rule of the entity, for a field that only this subgraph has and that others reach by the key. */
  #entityNeeds(part: AuthorizedPart, { name: type, directives }: ObjectNode, field: FieldDefinitionNode) {
    const needs = part.permissions.entities[type.value]?.needs;
    if (!needs || (this.#shares.get(type.value) ?? 0) < 2 || directiveOf(field, 'shareable')) return undefined;
    const keys = directives?.filter((one) => one.name.value === 'key').map((one) => textOf(one, 'fields'));
    const isKey = keys?.some((key) =>
      selectionsIn(key ?? '').selections.some((one) => one.kind === Kind.FIELD && one.name.value === field.name.value),
    );
    return isKey ? undefined : needs;
  }

  #find(type: string, name: string) {
    for (const part of this.#parts) {
      for (const object of part.typeDefinitions.definitions.filter(isObject)) {
        const field = object.name.value === type && object.fields?.find((one) => one.name.value === name);
        if (field && !directiveOf(field, 'external')) return { part, object, field };
      }
    }
    throw new Error(`There is no field ${type}.${name}.`);
  }

  #addRequired(demands: Demands, type: string, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) throw new Error('Fields of @requires are written without fragments.');
      const { part, object, field } = this.#find(type, selection.name.value);
      const required = this.demandsOf(part, object, field);
      demands.isAuthenticated ||= required.isAuthenticated;
      for (const scope of required.scopes) demands.scopes.add(scope);
      for (const policy of required.policies) demands.policies.add(policy);
      if (selection.selectionSet) this.#addRequired(demands, namedTypeOf(field), selection.selectionSet);
    }
  }

  demandsOf(part: AuthorizedPart, object: ObjectNode, field: FieldDefinitionNode): Demands {
    const type = object.name.value;
    const { Query, Mutation = {}, fields = {} } = part.permissions;
    const needs: Needs | undefined = { Query, Mutation, ...fields }[type]?.[field.name.value]?.needs;
    const ofEntity = this.#entityNeeds(part, object, field);
    const demands: Demands = {
      isAuthenticated: needs !== undefined && needs.who !== 'anyone',
      scopes: new Set(needs?.scope && needs.scope !== 'any' ? [needs.scope] : []),
      policies: new Set([...(ofEntity ? [entityPolicyNameOf(ofEntity)] : []), ...(needs ? [policyNameOf(needs)] : [])]),
    };
    const required = textOf(directiveOf(field, 'requires'), 'fields');
    if (required) this.#addRequired(demands, type, selectionsIn(required));
    return demands;
  }

  /** Returns the type definitions of a subgraph with directives. */
  applyTo(part: AuthorizedPart): DocumentNode {
    const direct = (object: ObjectNode): ObjectNode => ({
      ...object,
      fields: object.fields?.map((field) =>
        directiveOf(field, 'external')
          ? field
          : {
              ...field,
              directives: [...(field.directives ?? []), ...directivesOf(this.demandsOf(part, object, field))],
            },
      ),
    });
    return visit(part.typeDefinitions, {
      ObjectTypeDefinition: (node) => direct(node),
      ObjectTypeExtension: (node) => direct(node),
      Directive: (node) => importDirectives(node as ConstDirectiveNode),
    });
  }
}

/** Adds the directives to what a link to the federation specification imports. */
function importDirectives(node: ConstDirectiveNode): ConstDirectiveNode | undefined {
  if (node.name.value !== 'link' || !textOf(node, 'url')?.startsWith('https://specs.apollo.dev/federation/')) return;
  return {
    ...node,
    arguments: node.arguments?.map((argument) =>
      argument.name.value === 'import' && argument.value.kind === Kind.LIST
        ? { ...argument, value: list([...argument.value.values, ...DIRECTIVES.map(text)]) }
        : argument,
    ),
  };
}

/**
 * Returns the type definitions of subgraphs with their rules as directives, from which a gateway refuses what a rule would refuse:
 * `@policy` names all that the rule demands, `@authenticated` and `@requiresScopes` what of it other gateways understand. The rule of an
 * entity is a policy of the fields that others reach by its key. A field has the demands of those that it requires.
 */
export function withAuthorization(parts: readonly AuthorizedPart[]): Map<string, DocumentNode> {
  const directives = new Directives(parts);
  return new Map(parts.map((part) => [part.name, directives.applyTo(part)]));
}
