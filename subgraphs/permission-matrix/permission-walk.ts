import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import type { Permissions } from '#kit/permission.js';
import type { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { judge, type Needs } from '#runtime/identity/judge.js';

export interface PermissionPart {
  name: string;
  typeDefinitions: DocumentNode;
  permissions: Permissions;
}

/** A field of an object type, as in `Report.rows`. */
export interface FieldCoordinate {
  type: string;
  field: string;
}

/** A field on a path. */
export interface Step extends FieldCoordinate {
  /** The first that refuses decides. */
  rules: Needs[];
  subgraph: string;
  /** Its type without lists and non-null. */
  target: string;
  node: FieldDefinitionNode;
  isVisible: boolean;
}

type Fields = Map<string, { node: FieldDefinitionNode; isVisible: boolean }>;

const ROOTS = ['Query', 'Mutation'] as const;

const has = (node: { directives?: readonly { name: { value: string } }[] }, name: string) =>
  node.directives?.some((directive) => directive.name.value === name) ?? false;

const namedType = (node: TypeNode): string => (node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type));

function fieldsByType(typeDefinitions: DocumentNode): Map<string, Fields> {
  const types = new Map<string, Fields>();
  for (const node of typeDefinitions.definitions) {
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_DEFINITION) {
      throw new Error(`permission-walk.ts does not support interfaces and unions: ${node.name.value}.`);
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    const object: Pick<ObjectTypeExtensionNode, 'name' | 'fields' | 'directives'> = node;
    const fields = types.get(object.name.value) ?? new Map();
    types.set(object.name.value, fields);
    for (const field of object.fields ?? []) {
      if (has(field, 'external')) continue;
      fields.set(field.name.value, {
        node: field,
        isVisible: !has(field, 'inaccessible') && !has(object, 'inaccessible'),
      });
    }
  }
  return types;
}

/** Whether a path goes below a mutation for anyone, whose payload belongs to the user it has signed in. */
function isSignedIn([root, ...rest]: Step[]): boolean {
  return root?.type === 'Mutation' && rest.length > 0 && root.rules.some(({ who }) => who === 'anyone');
}

/**
 * Follows fields from `Query` and `Mutation` through all subgraphs as the gateway does: a field of another subgraph is
 * reached by loading the entity there by its key, which has a rule of its own.
 */
export class PermissionWalk {
  readonly #parts;

  constructor(parts: PermissionPart[]) {
    this.#parts = parts.map(({ name, typeDefinitions, permissions }) => ({
      name,
      permissions,
      types: fieldsByType(typeDefinitions),
    }));
  }

  /** Returns the fields of every object type, in the order of the contracts. */
  types(): Map<string, string[]> {
    const all = new Map<string, Set<string>>();
    for (const { types } of this.#parts) {
      for (const [type, fields] of types) {
        all.set(type, new Set([...(all.get(type) ?? []), ...fields.keys()]));
      }
    }
    return new Map([...all].map(([type, fields]) => [type, [...fields]]));
  }

  #stepAt(subgraph: string, { type, field }: FieldCoordinate, before: Needs[]): Step | undefined {
    const part = this.#parts.find(({ name }) => name === subgraph);
    const found = part?.types.get(type)?.get(field);
    if (!part || !found) return undefined;
    const { Query, Mutation = {}, fields = {} } = part.permissions;
    const rule = { Query, Mutation, ...fields }[type]?.[field];
    const rules = rule ? [...before, rule.needs] : before;
    return { type, field, rules, subgraph, target: namedType(found.node.type), ...found };
  }

  /** Returns the step from a field to one of its type, or, without a field, from the root. */
  step(from: Pick<Step, 'subgraph'> | undefined, coordinate: FieldCoordinate): Step {
    const here = from && this.#stepAt(from.subgraph, coordinate, []);
    if (here) return here;
    for (const { name, permissions } of this.#parts) {
      const entity = permissions.entities[coordinate.type]?.needs;
      if (from && !entity) continue;
      const there = this.#stepAt(name, coordinate, from && entity ? [entity] : []);
      if (there) return there;
    }
    throw new Error(`There is no path to ${coordinate.type}.${coordinate.field}.`);
  }

  /** Returns the fields a subgraph resolves of an entity that is loaded by its key. */
  entityFields(subgraph: string, type: string): Step[] {
    const part = this.#parts.find(({ name }) => name === subgraph);
    const entity = part?.permissions.entities[type]?.needs;
    if (!part || !entity) throw new Error(`${subgraph} has no entity ${type}.`);
    return [...(part.types.get(type)?.keys() ?? [])].flatMap(
      (field) => this.#stepAt(subgraph, { type, field }, [entity]) ?? [],
    );
  }

  /** Returns the steps along a path from the root. */
  follow(path: FieldCoordinate[]): Step[] {
    const steps: Step[] = [];
    for (const coordinate of path) steps.push(this.step(steps.at(-1), coordinate));
    return steps;
  }

  /**
   * Returns a shortest path to each field that is reachable where `mayPass` accepts the rules and `mayTake` the step, by
   * `Type.field`; through queries where possible.
   */
  paths(mayPass: (rules: Needs[]) => boolean, mayTake: (step: Step) => boolean = () => true): Map<string, Step[]> {
    const paths = new Map<string, Step[]>();
    const types = this.types();
    const seen = new Set<string>();
    const visit = (from: Step[], type: string): Step[][] =>
      (types.get(type) ?? []).flatMap((field) => {
        const step = this.step(from.at(-1), { type, field });
        if (!step.isVisible || !mayPass(step.rules) || !mayTake(step)) return [];
        const path = [...from, step];
        const key = `${type}.${field}`;
        if (!paths.has(key)) paths.set(key, path);
        const arrival = `${step.subgraph} ${step.target}`;
        if (seen.has(arrival) || !types.has(step.target) || isSignedIn(path)) return [];
        seen.add(arrival);
        return [path];
      });
    for (const root of ROOTS) {
      let front = visit([], root);
      while (front.length > 0) front = front.flatMap((path) => visit(path, path.at(-1)?.target ?? ''));
    }
    return paths;
  }
}

/** Returns true, or the error with which an identity is refused on a path. */
export function judgePath(steps: Step[], identity: Identity): true | AppError {
  for (const { rules } of steps) {
    for (const needs of rules) {
      const verdict = judge(needs, identity);
      if (verdict !== true) return verdict;
    }
  }
  return true;
}
