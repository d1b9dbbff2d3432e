import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { judge, type Needs, type Permissions } from '#kit/permission.js';
import type { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** A subgraph as far as it says who may see what. */
export interface PermissionPart {
  name: string;
  typeDefinitions: DocumentNode;
  permissions: Permissions;
}

/** A field of an object type. */
export interface FieldPlace {
  type: string;
  field: string;
}

/** One field on a way, what is asked before it is answered, and where that happens. */
export interface Step extends FieldPlace {
  /** In this order; the first that refuses decides. */
  rules: Needs[];
  subgraph: string;
  /** Its type without lists and non-null. */
  target: string;
  node: FieldDefinitionNode;
  /** Whether clients see it. */
  isVisible: boolean;
}

type Fields = Map<string, { node: FieldDefinitionNode; isVisible: boolean }>;

const ROOTS = ['Query', 'Mutation'] as const;

const has = (node: { directives?: readonly { name: { value: string } }[] }, name: string) =>
  node.directives?.some((directive) => directive.name.value === name) ?? false;

const namedType = (node: TypeNode): string => (node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type));

/** The fields each type has of its own in a contract, without those that another subgraph answers. */
function fieldsByType(typeDefinitions: DocumentNode): Map<string, Fields> {
  const types = new Map<string, Fields>();
  for (const node of typeDefinitions.definitions) {
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_DEFINITION) {
      throw new Error(`Teach permission-walk.ts about interfaces and unions: ${node.name.value}.`);
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

/** Whether a way goes beyond what a mutation for anyone returns: that is answered to the person it has signed in. */
function isSignedInHere([root, ...rest]: Step[]): boolean {
  return root?.type === 'Mutation' && rest.length > 0 && root.rules.some(({ who }) => who === 'anyone');
}

/**
 * Follows fields from `Query` and `Mutation` through all subgraphs as the gateway does: where a subgraph does not have a
 * field, the one that has it is asked for the entity by its key, which has a rule of its own.
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

  /** Returns every object type with the names of its fields, each once, in the order of the contracts. */
  types(): Map<string, string[]> {
    const all = new Map<string, Set<string>>();
    for (const { types } of this.#parts) {
      for (const [type, fields] of types) {
        all.set(type, new Set([...(all.get(type) ?? []), ...fields.keys()]));
      }
    }
    return new Map([...all].map(([type, fields]) => [type, [...fields]]));
  }

  #stepAt(subgraph: string, { type, field }: FieldPlace, before: Needs[]): Step | undefined {
    const part = this.#parts.find(({ name }) => name === subgraph);
    const found = part?.types.get(type)?.get(field);
    if (!part || !found) return undefined;
    const { Query, Mutation = {}, fields = {} } = part.permissions;
    const rule = { Query, Mutation, ...fields }[type]?.[field];
    const rules = rule ? [...before, rule.needs] : before;
    return { type, field, rules, subgraph, target: namedType(found.node.type), ...found };
  }

  /** Returns the step from a field to one of its type, or, without a field, from the root. */
  step(from: Pick<Step, 'subgraph'> | undefined, place: FieldPlace): Step {
    const here = from && this.#stepAt(from.subgraph, place, []);
    if (here) return here;
    for (const { name, permissions } of this.#parts) {
      const entity = permissions.entities[place.type]?.needs;
      if (from && !entity) continue;
      const there = this.#stepAt(name, place, from && entity ? [entity] : []);
      if (there) return there;
    }
    throw new Error(`There is no way to ${place.type}.${place.field}.`);
  }

  /** Returns the fields a subgraph answers of an entity that is loaded by its key: the way in past the root. */
  entityFields(subgraph: string, type: string): Step[] {
    const part = this.#parts.find(({ name }) => name === subgraph);
    const entity = part?.permissions.entities[type]?.needs;
    if (!part || !entity) throw new Error(`${subgraph} has no entity ${type}.`);
    return [...(part.types.get(type)?.keys() ?? [])].flatMap(
      (field) => this.#stepAt(subgraph, { type, field }, [entity]) ?? [],
    );
  }

  /** Returns the steps along a way from the root. */
  follow(way: FieldPlace[]): Step[] {
    const steps: Step[] = [];
    for (const place of way) steps.push(this.step(steps.at(-1), place));
    return steps;
  }

  /**
   * Returns a shortest way to each field somebody reaches whom every rule of `mayPass` lets through, by `Type.field`;
   * through queries where there is one. Only steps are taken that `mayTake` allows.
   */
  ways(mayPass: (rules: Needs[]) => boolean, mayTake: (step: Step) => boolean = () => true): Map<string, Step[]> {
    const ways = new Map<string, Step[]>();
    const types = this.types();
    const seen = new Set<string>();
    const visit = (from: Step[], type: string): Step[][] =>
      (types.get(type) ?? []).flatMap((field) => {
        const step = this.step(from.at(-1), { type, field });
        if (!step.isVisible || !mayPass(step.rules) || !mayTake(step)) return [];
        const way = [...from, step];
        const key = `${type}.${field}`;
        if (!ways.has(key)) ways.set(key, way);
        const arrival = `${step.subgraph} ${step.target}`;
        if (seen.has(arrival) || !types.has(step.target) || isSignedInHere(way)) return [];
        seen.add(arrival);
        return [way];
      });
    for (const root of ROOTS) {
      let front = visit([], root);
      while (front.length > 0) front = front.flatMap((way) => visit(way, way.at(-1)?.target ?? ''));
    }
    return ways;
  }
}

/** Returns true, or the error with which somebody is refused on a way. */
export function judgeWay(steps: Step[], identity: Identity): true | AppError {
  for (const { rules } of steps) {
    for (const needs of rules) {
      const verdict = judge(needs, identity);
      if (verdict !== true) return verdict;
    }
  }
  return true;
}
