import {
  doTypesOverlap,
  type GraphQLArgument,
  GraphQLBoolean,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLNonNull,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  parse,
  SchemaMetaFieldDef,
  specifiedRules,
  TypeMetaFieldDef,
  validate,
} from 'graphql';
import { chance, choose, printValue, type Random, randomValue, Variable } from './input-values.js';

/** An operation with its variables, as a client sends it. */
export interface GeneratedOperation {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
}

/** What the response names of one object stand for: two selections of one name must ask the same. */
type Scope = Map<string, { signature: string; inner: Scope }>;

interface VariableDefinition {
  name: string;
  type: string;
  printed: string;
}

const MAX_DEPTH = 6;
const MIN_FIELDS = 6;
/** Apollo's planner does not know it. */
const UNKNOWN_TO_PLANNER = new Set(['isOneOf']);

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #definitions: VariableDefinition[] = [];
  readonly #fragments: { name: string; on: string; text: string }[] = [];
  readonly variables: Record<string, unknown> = {};
  #fieldsLeft: number;
  #aliases = 0;

  constructor(schema: GraphQLSchema, random: Random, maxFields: number) {
    this.#schema = schema;
    this.#random = random;
    this.#fieldsLeft = MIN_FIELDS + Math.floor(random() * (maxFields - MIN_FIELDS));
  }

  #chance(probability: number): boolean {
    return chance(this.#random, probability);
  }

  #defineVariable(type: GraphQLInputType): Variable {
    const isRequired = isNonNullType(type);
    const known = this.#definitions.filter((definition) => definition.type === String(type));
    if (known.length > 0 && this.#chance(0.4)) return new Variable(choose(this.#random, known).name);
    const name = choose(this.#random, ['v', 'input', 'if', 'first']) + this.#definitions.length;
    const constant = () => randomValue(type, this.#random);
    const nullable = isNonNullType(type) ? type.ofType : type;
    const hasDefault = this.#chance(0.35);
    const fallback = hasDefault ? constant() : null;
    // A nullable variable may stand where null is refused if its default is not null.
    const isLoosened = isRequired && hasDefault && fallback !== null && this.#chance(0.4);
    const declared = isLoosened ? nullable : type;
    const suffix = hasDefault ? ` = ${printValue(fallback, type)}` : '';
    this.#definitions.push({ name, type: String(type), printed: `$${name}: ${declared}${suffix}` });
    const mayBeAbsent = hasDefault || !isRequired;
    if (!(mayBeAbsent && this.#chance(0.4))) this.variables[name] = constant();
    return new Variable(name);
  }

  #argument({ type, name }: GraphQLArgument): string {
    const variableFor = (part: GraphQLInputType) =>
      this.#chance(isInputObjectType(getNamedType(part)) ? 0.25 : 0.4) ? this.#defineVariable(part) : undefined;
    return `${name}: ${printValue(randomValue(type, this.#random, variableFor), type)}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || this.#chance(0.6));
    return given.length > 0 ? `(${given.map((argument) => this.#argument(argument)).join(', ')})` : '';
  }

  #condition(): string {
    const type = new GraphQLNonNull(GraphQLBoolean);
    // Mostly kept, or little is left.
    const literal = (isKept: boolean) => String(this.#chance(0.8) ? isKept : !isKept);
    const one = (name: 'skip' | 'include') =>
      `@${name}(if: ${this.#chance(0.3) ? literal(name === 'include') : `$${this.#defineVariable(type).name}`})`;
    if (this.#chance(0.12)) return ` ${one('skip')} ${one('include')}`;
    return ` ${one(this.#chance(0.5) ? 'skip' : 'include')}`;
  }

  #maybeCondition(probability: number): string {
    return this.#chance(probability) ? this.#condition() : '';
  }

  #field(field: GraphQLField<unknown, unknown>, scope: Scope, depth: number): string | undefined {
    const type = getNamedType(field.type);
    const isComposite = isCompositeType(type);
    if (isComposite && depth >= (isIntrospectionType(type) ? 3 : MAX_DEPTH)) return undefined;
    this.#fieldsLeft -= 1;
    const args = this.#arguments(field);
    const signature = `${field.name}${args}: ${field.type}`;
    let name = this.#chance(0.15) ? `a${this.#aliases++}` : field.name;
    if (scope.has(name) && scope.get(name)?.signature !== signature) name = `a${this.#aliases++}`;
    const known = scope.get(name) ?? { signature, inner: new Map() };
    scope.set(name, known);
    const condition = this.#maybeCondition(0.1);
    const label = name === field.name ? name : `${name}: ${field.name}`;
    if (!isComposite) return `${label}${args}${condition}`;
    return `${label}${args}${condition} ${this.#selections(type, known.inner, depth + 1)}`;
  }

  #fragment(type: GraphQLCompositeType, scope: Scope, depth: number): string {
    const schema = this.#schema;
    const candidates = Object.values(schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isCompositeType(other) && !isIntrospectionType(other) && doTypesOverlap(schema, type, other),
    );
    const possible = isAbstractType(type) && this.#chance(0.7) ? schema.getPossibleTypes(type) : candidates;
    const target = this.#chance(0.15) || possible.length === 0 ? type : choose(this.#random, possible);
    const reusable = this.#fragments.filter(({ on }) => on === target.name);
    if (reusable.length > 0 && this.#chance(0.25)) {
      return `...${choose(this.#random, reusable).name}${this.#maybeCondition(0.15)}`;
    }
    const text = this.#selections(target, scope, depth);
    if (this.#chance(0.3)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push({ name, on: target.name, text });
      return `...${name}${this.#maybeCondition(0.15)}`;
    }
    const on = target === type && this.#chance(0.5) ? '' : ` on ${target.name}`;
    return `...${on}${this.#maybeCondition(0.15)} ${text}`;
  }

  #typename(scope: Scope): string {
    const name = this.#chance(0.25) ? `a${this.#aliases++}` : '__typename';
    scope.set(name, { signature: '__typename', inner: new Map() });
    return `${name === '__typename' ? '' : `${name}: `}__typename${this.#maybeCondition(0.05)}`;
  }

  #selections(type: GraphQLCompositeType, scope: Scope, depth: number): string {
    const fields = isUnionType(type)
      ? []
      : Object.values(type.getFields()).filter(({ name }) => !UNKNOWN_TO_PLANNER.has(name));
    const objects = depth < MAX_DEPTH - 1 ? fields.filter(({ type: of }) => isCompositeType(getNamedType(of))) : [];
    const isIntrospection = isIntrospectionType(type);
    const fragmentShare = isIntrospection ? 0 : isUnionType(type) ? 0.85 : isAbstractType(type) ? 0.45 : 0.12;
    const wanted = 1 + Math.floor(this.#random() * 5);
    const selections: string[] = [];
    for (let count = 0; count < wanted; count += 1) {
      if (this.#fieldsLeft <= 0 && selections.length > 0) break;
      if (this.#chance(0.08)) selections.push(this.#typename(scope));
      else if (this.#chance(fragmentShare) && depth < MAX_DEPTH + 2) {
        selections.push(this.#fragment(type, scope, depth + 1));
      } else if (fields.length > 0) {
        const candidates = objects.length > 0 && this.#chance(0.5) ? objects : fields;
        const selection = this.#field(choose(this.#random, candidates), scope, depth);
        if (selection) selections.push(selection);
      }
    }
    if (selections.length === 0) selections.push(this.#typename(scope));
    return `{ ${selections.join(' ')} }`;
  }

  #introspection(scope: Scope): string {
    const field = this.#chance(0.85) ? TypeMetaFieldDef : SchemaMetaFieldDef;
    if (field === SchemaMetaFieldDef) return '__schema { queryType { name } directives { name args { name } } }';
    const names = Object.keys(this.#schema.getTypeMap());
    const alias = `a${this.#aliases++}`;
    const inner: Scope = new Map();
    scope.set(alias, { signature: alias, inner });
    const type = getNamedType(field.type);
    const selections = isObjectType(type) ? this.#selections(type, inner, 1) : '{ __typename }';
    return `${alias}: __type(name: "${choose(this.#random, names)}") ${selections}`;
  }

  write(): string {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation !== undefined && mutation !== null && this.#chance(0.15);
    const root = isMutation ? mutation : this.#schema.getQueryType();
    if (!root) throw new Error('The schema has no queries.');
    const scope: Scope = new Map();
    let selections = this.#selections(root, scope, 0);
    if (!isMutation && this.#chance(0.06)) {
      selections = `{ ${this.#introspection(scope)} ${this.#chance(0.6) ? selections.slice(2, -2) : ''} }`;
    }
    const definitions = this.#definitions.map(({ printed }) => printed).join(', ');
    const fragments = this.#fragments.map(({ name, on, text }) => `\nfragment ${name} on ${on} ${text}`).join('');
    return `${isMutation ? 'mutation' : 'query'} Generated${definitions && `(${definitions})`} ${selections}${fragments}`;
  }
}

/** Returns a random valid operation of about `maxFields` fields at most: the same for the same numbers. */
export function generateOperation(schema: GraphQLSchema, random: Random, maxFields: number): GeneratedOperation {
  for (;;) {
    const writer = new OperationWriter(schema, random, maxFields);
    const query = writer.write();
    // A fragment used twice may contradict what is selected beside it.
    if (validate(schema, parse(query), specifiedRules).length > 0) continue;
    return { query, variables: writer.variables, ...(chance(random, 0.3) && { operationName: 'Generated' }) };
  }
}
