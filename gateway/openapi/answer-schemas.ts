import { groupBy } from 'es-toolkit/array';
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { JsonSchema } from './document.js';
import type { InputSchemas } from './input-schemas.js';
import { nullable, scalarSchemas } from './scalar-schemas.js';
import { type Fragments, fieldsOf, selectionsOf } from './selected-fields.js';

/** The name of the schema of a page's end. */
export const PAGE = 'Page';

/** What `errors` beside data are. */
export const PARTIAL = 'Why parts of the data are null; absent when the answer is complete.';

interface ShapedField {
  shape: Shape;
  description?: string;
  isDeprecated?: boolean;
  /** Whether it may be absent. */
  isOptional?: boolean;
}

/** What documents select of an object type. */
interface ObjectShape {
  id: number;
  type: string;
  description?: string;
  fields: Map<string, ShapedField>;
  /** The types it occurs in. */
  parents: Set<string>;
}

/** A part of an answer. */
export type Shape = { isNullable: boolean } & (
  | { kind: 'leaf'; schema: JsonSchema }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; object: ObjectShape }
);

const PROBLEMS: Shape = {
  kind: 'list',
  isNullable: false,
  of: { kind: 'leaf', isNullable: false, schema: { $ref: '#/components/schemas/Problem' } },
};

type Nodes = readonly FieldNode[];

const isConditional = ({ directives = [] }: FieldNode) =>
  directives.some(({ name }) => name.value === 'include' || name.value === 'skip');

/** The structure of a shape: equal ones are one schema. */
function structureOf(shape: Shape): unknown {
  if (shape.kind === 'leaf') return [shape.schema, shape.isNullable];
  if (shape.kind === 'list') return [[structureOf(shape.of)], shape.isNullable];
  return [shape.object.id, shape.isNullable];
}

/** How much a shape holds, for its name. */
function sizeOf(shape: Shape): number {
  if (shape.kind === 'leaf') return 1;
  if (shape.kind === 'list') return sizeOf(shape.of);
  return [...shape.object.fields.values()].reduce((size, field) => size + sizeOf(field.shape), 1);
}

/**
 * Collects what documents select as named schemas. The widest selection of a type has the type's name, others add where they
 * occur: `Account` and `AccountOfCampaign`.
 */
export class AnswerSchemas {
  readonly #inputs: InputSchemas;
  readonly #objects = new Map<string, ObjectShape>();

  constructor(inputs: InputSchemas) {
    this.#inputs = inputs;
  }

  /** Adds what `nodes` select of a type, as a part of `parent`. */
  add(type: GraphQLOutputType, nodes: Nodes, fragments: Fragments, parent: string): Shape {
    if (isNonNullType(type)) return { ...this.add(type.ofType, nodes, fragments, parent), isNullable: false };
    if (isListType(type)) {
      return { kind: 'list', isNullable: true, of: this.add(type.ofType, nodes, fragments, parent) };
    }
    if (isObjectType(type)) {
      const fields = this.#fields(type, nodes, fragments, type.name);
      return { kind: 'object', isNullable: true, object: this.#intern(type.name, type.description, fields, parent) };
    }
    if (isEnumType(type)) return { kind: 'leaf', isNullable: true, schema: this.#inputs.enum(type) };
    const schema = scalarSchemas[getNamedType(type).name];
    if (!schema) throw new Error(`scalar-schemas.ts has no ${String(type)}.`);
    return { kind: 'leaf', isNullable: true, schema };
  }

  /** Adds a connection as it is sent: a page of its nodes, beside what else is selected of it. */
  addPage(type: GraphQLObjectType, nodes: Nodes, fragments: Fragments, parent: string): Shape {
    const name = type.name.replace(/Connection$/, 'Page');
    const { edges, pageInfo: _, ...rest } = Object.fromEntries(fieldsOf(selectionsOf(nodes), fragments));
    const nodeNodes = edges && fieldsOf(selectionsOf(edges), fragments).get('node');
    const edge = getNamedType(type.getFields().edges?.type) as GraphQLObjectType | undefined;
    const node = edge?.getFields().node;
    if (!nodeNodes || !node) throw new Error(`A document selects no nodes of ${type.name}.`);
    const items = this.add(node.type, nodeNodes, fragments, name);
    const page: JsonSchema = { $ref: `#/components/schemas/${PAGE}` };
    const fields = new Map<string, ShapedField>([
      ['data', { shape: { kind: 'list', isNullable: false, of: items }, description: 'The items of this page.' }],
      ['page', { shape: { kind: 'leaf', isNullable: false, schema: page }, description: 'Where this page ends.' }],
    ]);
    for (const [key, each] of Object.entries(rest)) fields.set(key, this.#field(type, each, fragments, name));
    fields.set('errors', { shape: PROBLEMS, description: PARTIAL, isOptional: true });
    return { kind: 'object', isNullable: false, object: this.#intern(name, type.description, fields, parent) };
  }

  #fields(type: GraphQLObjectType, nodes: Nodes, fragments: Fragments, parent: string): Map<string, ShapedField> {
    const selected = fieldsOf(selectionsOf(nodes), fragments);
    return new Map([...selected].map(([key, each]) => [key, this.#field(type, each, fragments, parent)]));
  }

  #field(type: GraphQLObjectType, nodes: Nodes, fragments: Fragments, parent: string): ShapedField {
    const name = nodes[0]?.name.value ?? '';
    const field = type.getFields()[name];
    if (!field) throw new Error(`${type.name} has no field ${name}.`);
    return {
      shape: this.add(field.type, nodes, fragments, parent),
      description: field.description ?? undefined,
      isDeprecated: typeof field.deprecationReason === 'string',
      isOptional: nodes.every(isConditional),
    };
  }

  #intern(type: string, description: string | null | undefined, fields: ObjectShape['fields'], parent: string) {
    const structure = [...fields].map(([key, { shape, isOptional }]) => [key, structureOf(shape), isOptional]);
    const key = JSON.stringify([type, structure.sort()]);
    const known = this.#objects.get(key);
    known?.parents.add(parent);
    if (known) return known;
    const object = {
      id: this.#objects.size,
      type,
      description: description ?? undefined,
      fields,
      parents: new Set([parent]),
    };
    this.#objects.set(key, object);
    return object;
  }

  /** Returns every object's name. To be called when everything is added. */
  #names(): Map<ObjectShape, string> {
    const names = new Map<ObjectShape, string>();
    const taken = new Set(this.#inputs.named().keys());
    const byType = groupBy([...this.#objects.values()], ({ type }) => type);
    for (const [type, objects] of Object.entries(byType)) {
      const size = (object: ObjectShape) => sizeOf({ kind: 'object', isNullable: false, object });
      const widestFirst = objects.toSorted((a, b) => size(b) - size(a) || a.id - b.id);
      for (const [index, object] of widestFirst.entries()) {
        const wanted = index === 0 ? type : `${type}Of${[...object.parents].sort()[0]}`;
        let name = wanted;
        for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
        taken.add(name);
        names.set(object, name);
      }
    }
    return names;
  }

  /** Returns the named schemas, and the schema of each shape. To be called when everything is added. */
  finish(): { named: Map<string, JsonSchema>; schemaOf: (shape: Shape) => JsonSchema } {
    const names = this.#names();
    const schemaOf = (shape: Shape): JsonSchema => {
      const schema =
        shape.kind === 'leaf'
          ? shape.schema
          : shape.kind === 'list'
            ? { type: 'array', items: schemaOf(shape.of) }
            : { $ref: `#/components/schemas/${names.get(shape.object)}` };
      return shape.isNullable ? nullable(schema) : schema;
    };
    const named = new Map<string, JsonSchema>();
    for (const [{ description, fields }, name] of names) {
      const properties = [...fields].map(([key, { shape, description: about, isDeprecated }]) => [
        key,
        { ...schemaOf(shape), description: about, ...(isDeprecated && { deprecated: true }) },
      ]);
      named.set(name, {
        type: 'object',
        description,
        properties: Object.fromEntries(properties),
        required: [...fields].filter(([, { isOptional }]) => !isOptional).map(([key]) => key),
      });
    }
    return { named, schemaOf };
  }
}
