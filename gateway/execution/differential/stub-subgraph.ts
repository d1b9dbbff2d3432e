import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Faults } from './faults.js';
import { hashOf, stableJson } from './hash.js';

/** One execution of an operation: what goes wrong, and what was called. */
export interface StubRun {
  faults: Faults;
  calls: number;
  mutations: number;
  /** Operations that were not valid in a subgraph. */
  invalid: number;
}

/** A subgraph of a stub: its resolvers answer from hashes of type, identity, field and arguments. */
export interface StubSubgraph {
  name: string;
  schema: GraphQLSchema;
  /** Throws when the operation is not valid in this subgraph. */
  execute(query: string, variables: Record<string, unknown> | undefined, run: StubRun): Promise<ExecutionResult>;
}

interface StubObject {
  __typename: string;
  identity: number;
  representation?: Record<string, unknown>;
}

/** Few, so that lists have the same entity several times. */
const ENTITIES = 6;
const MAX_DOCUMENTS = 2_000;

/** The key fields of each type of a supergraph: their values name the identity, in every subgraph. */
export type KeyFields = ReadonlyMap<string, ReadonlySet<string>>;

/** Calls back for each directive of a type or of its fields. */
function eachDirective(
  definitions: DocumentNode,
  name: string,
  visit: (type: string, fields: string, field: string | undefined) => void,
): void {
  for (const definition of definitions.definitions) {
    if (!('fields' in definition && 'name' in definition) || !definition.name) continue;
    const owners = [
      { directives: definition.directives ?? [], field: undefined },
      ...(definition.fields ?? []).map((field) => ({ directives: field.directives ?? [], field: field.name.value })),
    ];
    for (const { directives, field } of owners) {
      for (const directive of directives) {
        const value = directive.arguments?.find((argument) => argument.name.value === 'fields')?.value;
        if (directive.name.value !== name || value?.kind !== Kind.STRING) continue;
        visit(definition.name.value, value.value, field);
      }
    }
  }
}

function parseFieldSet(fields: string): SelectionSetNode {
  const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`This is no set of fields: ${fields}`);
  return operation.selectionSet;
}

/** Reads the key fields of all subgraphs. Those of objects without an identity of their own are keys, too. */
export function readKeyFields(subgraphs: { schema: GraphQLSchema; definitions: DocumentNode }[]): KeyFields {
  const keys = new Map<string, Set<string>>();
  const add = (schema: GraphQLSchema, typeName: string, { selections }: SelectionSetNode) => {
    const type = schema.getType(typeName);
    if (!type || !('getFields' in type)) return;
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) continue;
      const field = type.getFields()[selection.name.value];
      if (selection.selectionSet) {
        const child = field && getNullableType(field.type);
        if (child && 'name' in child) add(schema, child.name, selection.selectionSet);
      } else {
        keys.set(typeName, (keys.get(typeName) ?? new Set()).add(selection.name.value));
      }
    }
  };
  for (const { schema, definitions } of subgraphs) {
    eachDirective(definitions, 'key', (type, fields, field) => {
      if (!field) add(schema, type, parseFieldSet(fields));
    });
  }
  return keys;
}

/** Returns the identity that key values name: those of the object itself before those of objects in it. */
function identityOf(representation: Record<string, unknown>, isKey: (name: string) => boolean = () => true): number {
  const values = Object.entries(representation).filter(([name]) => name !== '__typename');
  for (const [name, value] of values) {
    if (!isKey(name)) continue;
    const identity = typeof value === 'string' ? Number(value.split('#')[1]) : value;
    if (Number.isInteger(identity)) return identity as number;
  }
  for (const [, value] of values) {
    if (value && typeof value === 'object') return identityOf(value as Record<string, unknown>);
  }
  return 0;
}

function pick(fields: SelectionSetNode, given: Record<string, unknown> | undefined): unknown {
  return fields.selections.map((selection) =>
    selection.kind === Kind.FIELD ? given?.[selection.name.value] : given?.__typename,
  );
}

/** Creates a subgraph that answers deterministically: equal questions about one entity have equal answers everywhere. */
export function createStubSubgraph(
  name: string,
  schema: GraphQLSchema,
  definitions: DocumentNode,
  keys: KeyFields,
): StubSubgraph {
  const required = new Map<string, SelectionSetNode>();
  eachDirective(definitions, 'requires', (type, fields, field) => {
    if (field) required.set(`${type}.${field}`, parseFieldSet(fields));
  });
  const entities = new Set<string>();
  eachDirective(definitions, 'key', (type, _fields, field) => {
    if (!field) entities.add(type);
  });

  function compositeValue(type: GraphQLCompositeType, hash: number, parent: StubObject): StubObject {
    const identityAs = (name: string) => {
      if (entities.has(name)) return hash % ENTITIES;
      // An object within a key has the identity of what it is a key of.
      return keys.has(name) ? parent.identity : hash % 997;
    };
    if (!isAbstractType(type)) return { __typename: type.name, identity: identityAs(type.name) };
    const possible = [...schema.getPossibleTypes(type)].sort((one, other) => (one.name < other.name ? -1 : 1));
    // Subgraphs that know the interface only must agree with those that know its types.
    const isEntity = entities.has(type.name);
    const chosen = possible[(isEntity ? identityAs(type.name) : hash >>> 3) % possible.length]?.name ?? '';
    return { __typename: chosen, identity: identityAs(isEntity ? type.name : chosen) };
  }

  function leafValue(typeName: string, fieldName: string, hash: number): unknown {
    switch (typeName) {
      case 'Int':
      case 'Long':
        return hash % 1_000;
      case 'Float':
        return (hash % 1_000) / 4;
      case 'Boolean':
        return hash % 2 === 0;
      case 'JSON':
        return { b: hash % 5, a: [null, { c: 'text' }] };
      default:
        return `${fieldName} ${hash % 40}`;
    }
  }

  function answerValue(
    type: GraphQLOutputType,
    fieldName: string,
    seed: string,
    parent: StubObject,
    run: StubRun,
  ): unknown {
    const hash = hashOf(seed);
    if (!isNonNullType(type) && run.faults.isNull(seed)) return null;
    const nullable = getNullableType(type) as GraphQLOutputType;
    if (isListType(nullable)) {
      return Array.from({ length: hash % 9 === 0 ? 0 : 1 + (hash % 3) }, (_, index) =>
        answerValue(nullable.ofType as GraphQLOutputType, fieldName, `${seed}[${index}`, parent, run),
      );
    }
    if (isEnumType(nullable)) {
      const values = nullable.getValues();
      return values[hash % values.length]?.value;
    }
    if (isLeafType(nullable)) return leafValue(nullable.name, fieldName, hash);
    return compositeValue(nullable, hash >>> 2, parent);
  }

  const resolve: GraphQLFieldResolver<StubObject | undefined, StubRun> = (
    source,
    args,
    run,
    { parentType, ...info },
  ) => {
    const parent = source ?? { __typename: parentType.name, identity: 0 };
    const field = parentType.getFields()[info.fieldName];
    if (!field) throw new Error(`There is no field ${info.fieldName}`);
    if (keys.get(parentType.name)?.has(field.name)) {
      const isNumber = String(getNullableType(field.type)) === 'Int';
      if (!isNonNullType(field.type) && run.faults.isNull(`${parentType.name}#${parent.identity}`)) return null;
      return isNumber ? parent.identity : `${field.name}#${parent.identity}`;
    }
    const needs = required.get(`${parentType.name}.${field.name}`);
    const isMutation = parentType === schema.getMutationType();
    if (isMutation) run.mutations += 1;
    const seed = [
      `${parentType.name}.${field.name}#${isMutation ? run.mutations : parent.identity}`,
      stableJson(args),
      needs ? stableJson(pick(needs, parent.representation)) : '',
    ].join('|');
    run.faults.throwFor(seed);
    return answerValue(field.type, field.name, seed, parent, run);
  };

  const entitiesField = schema.getQueryType()?.getFields()._entities;
  if (entitiesField) {
    entitiesField.resolve = (_source, { representations }, run: StubRun) =>
      (representations as Record<string, unknown>[]).map((representation) => {
        const type = schema.getType(String(representation.__typename));
        if (!type) throw new GraphQLError(`There is no type ${representation.__typename} in ${name}`);
        const identity = identityOf(representation, (field) => keys.get(type.name)?.has(field) === true);
        const seed = `${type.name}#${identity}`;
        if (run.faults.isAbsent(seed)) return null;
        const error = run.faults.errorFor(seed);
        if (error) return error;
        const known = isAbstractType(type) ? compositeValue(type, identity, { __typename: '', identity }) : undefined;
        return { __typename: known?.__typename ?? type.name, identity, representation };
      });
  }

  const documents = new LRUCache<string, DocumentNode>({ max: MAX_DOCUMENTS });
  const prepare = (query: string): DocumentNode => {
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    const [error] = validate(schema, document);
    if (error) throw new Error(`${name} was asked an invalid operation: ${error.message}\n${query}`);
    documents.set(query, document);
    return document;
  };

  return {
    name,
    schema,
    async execute(query, variableValues, run) {
      run.calls += 1;
      let document: DocumentNode;
      try {
        document = prepare(query);
      } catch (error) {
        run.invalid += 1;
        // As a server refuses it: without data.
        return { errors: [new GraphQLError((error as Error).message)] };
      }
      return execute({ schema, document, variableValues, contextValue: run, fieldResolver: resolve });
    },
  };
}

/** Builds the schema of a subgraph without resolvers. */
export function stubSchema(definitions: DocumentNode): GraphQLSchema {
  return buildSubgraphSchema({ typeDefs: definitions });
}
