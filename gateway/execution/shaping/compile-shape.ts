import {
  type CompositeType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isVariable,
  type LeafType,
  type Operation,
  type Schema,
  type Type,
} from '@apollo/federation-internals';
import { GraphQLError, type GraphQLSchema, type VariableDefinitionNode } from 'graphql';
import {
  type CollectedField,
  collectFields,
  conditionsAt,
  type TypedSelection,
  type Variables,
} from './collect-fields.js';
import { compileIntrospection } from './introspection.js';
import { leafCheckOf } from './leaf-values.js';

/** What is shaped: an answer, and what was wrong with its values. */
export interface ShapedAnswer {
  data: Data | null;
  /** Null where the schema has none, and values that are not of their type. */
  errors: GraphQLError[];
}

export interface ShapeOptions {
  /** What clients see, in Apollo's terms. */
  schema: Schema;
  /** The same for graphql-js. */
  graphqlSchema: GraphQLSchema;
  variableDefinitions: readonly VariableDefinitionNode[];
}

type Data = Record<string, unknown>;

/** One shaping of an answer. */
interface Shaping {
  errors: GraphQLError[];
  /** Of the value at hand, as far as its depth. */
  path: (string | number)[];
  /** Whether the null that was just returned has an error already. */
  isExplained: boolean;
  variables: Variables;
}

/** A null that the schema forbids: the object or list around it becomes null. */
const FORBIDDEN = Symbol('null where there must be a value');

/** Returns a value as it is answered. `value` is never undefined. */
type Shape = (value: unknown, shaping: Shaping) => unknown;

/** Where a value is: depth in the answer, and how errors name it. */
interface Position {
  depth: number;
  /** undefined = an element of a list. */
  field?: { name: string; parentType: string };
}

const INVALID_GRAPHQL = { code: 'INVALID_GRAPHQL' };
const TYPENAME = '__typename';

function nameOf({ depth, field }: Position, type: Type, { path }: Shaping): string {
  return field ? `field ${field.parentType}.${field.name}` : `array element of type ${type} at index ${path[depth]}`;
}

function report(message: string, { depth, field }: Position, shaping: Shaping): null {
  const path = [...shaping.path.slice(0, depth), field ? field.name : (shaping.path[depth] as number)];
  shaping.errors.push(new GraphQLError(message, { path, extensions: { ...INVALID_GRAPHQL } }));
  shaping.isExplained = true;
  return null;
}

/** Returns `null` for a value that the subgraphs left null. */
function absent(shaping: Shaping): null {
  shaping.isExplained = false;
  return null;
}

function invalidAnswer(what: string, value: unknown, type: Type): GraphQLError {
  return new GraphQLError(`Invalid ${what} value ${String(value)} returned by subgraph for type ${type}`);
}

function compileLeaf(type: LeafType, position: Position): Shape {
  const isValid = leafCheckOf(type);
  if (!isValid) return (value, shaping) => (value === null ? absent(shaping) : value);
  return (value, shaping) => {
    if (value === null) return absent(shaping);
    if (isValid(value)) return value;
    return report(`Invalid value found for ${nameOf(position, type, shaping)}.`, position, shaping);
  };
}

function compileNonNull(type: Type, shape: Shape, position: Position): Shape {
  return (value, shaping) => {
    const shaped = shape(value, shaping);
    if (shaped !== null) return shaped;
    if (!shaping.isExplained) {
      report(`Cannot return null for non-nullable ${nameOf(position, type, shaping)}.`, position, shaping);
    }
    return FORBIDDEN;
  };
}

function compileList(type: Type, shapeElement: Shape, { depth, field }: Position): Shape {
  return (value, shaping) => {
    if (value === null) return absent(shaping);
    if (!Array.isArray(value)) throw invalidAnswer('non-list', value, type);
    if (field) shaping.path[depth] = field.name;
    const shaped = new Array<unknown>(value.length);
    let isForbidden = false;
    for (let index = 0; index < value.length; index += 1) {
      shaping.path[depth + 1] = index;
      const element = shapeElement(value[index] ?? null, shaping);
      if (element === FORBIDDEN) isForbidden = true;
      else shaped[index] = element;
    }
    if (!isForbidden) return shaped;
    shaping.isExplained = true;
    return null;
  };
}

/** Returns the value of a field of an object. */
type ReadField = (input: Data, shaping: Shaping) => unknown;

interface NamedRead {
  name: string;
  read: ReadField;
}

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Returns the object with these fields; null = one of them is forbidden to be null. */
function shapeObject(fields: readonly NamedRead[]): (input: Data, shaping: Shaping) => Data | null {
  const isPlain = fields.every(({ name }) => !INHERITED.has(name));
  return (input, shaping) => {
    const output: Data = isPlain ? {} : Object.create(null);
    for (const { name, read } of fields) {
      const value = read(input, shaping);
      if (value === FORBIDDEN) return null;
      output[name] = value;
    }
    return output;
  };
}

function compileTypename(name: string, parentType: CompositeType, schema: Schema): ReadField {
  return (input) => {
    const given = input[name] ?? input[TYPENAME];
    const type = (typeof given === 'string' && schema.type(given)) || parentType;
    return isObjectType(type) ? type.name : FORBIDDEN;
  };
}

/** Compiles the shape of answers for one set of conditions of `@skip` and `@include`. Objects are compiled when their type first occurs. */
class ShapeCompiler {
  readonly #options: ShapeOptions;
  readonly #conditions: Variables;

  constructor(options: ShapeOptions, conditions: Variables) {
    this.#options = options;
    this.#conditions = conditions;
  }

  /** Returns the fields of objects that the subgraphs call `typename`. */
  fieldsOf(selections: readonly TypedSelection[], typename: string | undefined, depth: number) {
    const collected = collectFields(selections, typename, this.#conditions, this.#options.schema);
    return shapeObject([...collected].map(([name, field]) => ({ name, read: this.#compileField(name, field, depth) })));
  }

  #compileField(name: string, { selection, parentType, selections }: CollectedField, depth: number): ReadField {
    const { definition } = selection.element;
    if (definition.isSchemaIntrospectionField()) {
      const introspect = compileIntrospection(
        selection,
        this.#options.graphqlSchema,
        this.#options.variableDefinitions,
      );
      return (_input, { variables }) => introspect(variables);
    }
    if (definition.name === TYPENAME) return compileTypename(name, parentType, this.#options.schema);
    const shape = this.#compileType(definition.type as Type, selections, {
      depth,
      field: { name, parentType: parentType.name },
    });
    if (INHERITED.has(name)) {
      return (input, shaping) => shape((Object.hasOwn(input, name) ? input[name] : null) ?? null, shaping);
    }
    return (input, shaping) => shape(input[name] ?? null, shaping);
  }

  #compileType(type: Type, selections: readonly TypedSelection[], position: Position): Shape {
    if (isNonNullType(type)) {
      return compileNonNull(type.ofType, this.#compileType(type.ofType, selections, position), position);
    }
    if (isListType(type)) {
      const shapeElement = this.#compileType(type.ofType, selections, { depth: position.depth + 1 });
      return compileList(type, shapeElement, position);
    }
    if (isCompositeType(type)) return this.#compileObject(type, selections, position);
    return compileLeaf(type as LeafType, position);
  }

  #compileObject(type: CompositeType, selections: readonly TypedSelection[], position: Position): Shape {
    const { depth, field } = position;
    const known = new Map<string | undefined, ReturnType<typeof shapeObject>>();
    const fieldsOf = (typename: string | undefined) => {
      const named = typename === undefined ? type : this.#options.schema.type(typename);
      if (!named || !isCompositeType(named)) return undefined;
      const fields = this.fieldsOf(selections, typename, depth + 1);
      known.set(typename, fields);
      return fields;
    };
    return (value, shaping) => {
      if (value === null) return absent(shaping);
      if (typeof value !== 'object') throw invalidAnswer('non-object', value, type);
      const { [TYPENAME]: given } = value as Data;
      if (given !== undefined && typeof given !== 'string') throw invalidAnswer('__typename', given, type);
      const typename = given || undefined;
      if (field) shaping.path[depth] = field.name;
      const fields = known.get(typename) ?? fieldsOf(typename);
      if (!fields) {
        return report(`Invalid __typename found for object at ${nameOf(position, type, shaping)}.`, position, shaping);
      }
      const output = fields(value as Data, shaping);
      if (!output) shaping.isExplained = true;
      return output;
    };
  }
}

function conditionNames({ selectionSet }: Operation, schema: Schema): string[] {
  const names = new Set<string>();
  selectionSet.forEachElement((element) => {
    for (const value of [...conditionsAt(element, 'skip', schema), ...conditionsAt(element, 'include', schema)]) {
      if (isVariable(value)) names.add(value.name);
    }
  });
  return [...names];
}

/** The most combinations of conditions that an operation is kept compiled for. */
const MAX_COMBINATIONS = 16;

/**
 * Compiles the shape of an operation's answers. What it returns reduces what the subgraphs answered to what was asked for, in the order
 * of the operation. Throws for what has no meaning in the schema, such as a list where there is none.
 */
export function compileShape(
  operation: Operation,
  options: ShapeOptions,
): (input: Data, variables: Variables) => ShapedAnswer {
  const { schema } = options;
  const names = conditionNames(operation, schema);
  const rootType = schema.schemaDefinition.rootType(operation.rootKind) as CompositeType;
  const root = [{ selectionSet: operation.selectionSet, type: rootType }];
  const compiled = new Map<string, (typename: string | undefined) => ReturnType<typeof shapeObject>>();
  const compile = (key: string, variables: Variables) => {
    const compiler = new ShapeCompiler(options, Object.fromEntries(names.map((name) => [name, variables[name]])));
    const shapes = new Map<string | undefined, ReturnType<typeof shapeObject>>();
    const shapeOf = (typename: string | undefined) => {
      const shape = shapes.get(typename) ?? compiler.fieldsOf(root, typename, 0);
      if (typename === undefined || schema.type(typename)) shapes.set(typename, shape);
      return shape;
    };
    const [oldest] = compiled.keys();
    if (compiled.size >= MAX_COMBINATIONS && oldest !== undefined) compiled.delete(oldest);
    compiled.set(key, shapeOf);
    return shapeOf;
  };
  const defaults = operation.collectDefaultedVariableValues();
  return (input, given) => {
    const variables = { ...defaults, ...given };
    const key = names.map((name) => String(variables[name])).join();
    const { [TYPENAME]: typename } = input;
    const shape = (compiled.get(key) ?? compile(key, variables))((typename as string | undefined) || undefined);
    const shaping: Shaping = { errors: [], path: [], isExplained: false, variables: given };
    return { data: shape(input, shaping), errors: shaping.errors };
  };
}
