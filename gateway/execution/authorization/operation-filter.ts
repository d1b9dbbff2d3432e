import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuthorizedField, AuthorizedFields } from './read-requirements.js';
import type { PlaceStep, RefusedPlace } from './refused-place.js';
import type { Requirement } from './requirement.js';

/** What the fields of operations demand, and the schema that clients see. */
export interface Authorized {
  fields: AuthorizedFields;
  schema: GraphQLSchema;
}

/** Where a selection is. */
interface Place {
  /** The types of the object, narrowed by the fragments around the selection. */
  types: readonly GraphQLObjectType[];
  /** Without the fragments. */
  allTypes: readonly GraphQLObjectType[];
  /** The subgraphs that have the object at hand; undefined = the root. */
  graphs: ReadonlySet<string> | undefined;
  /** To the object. */
  steps: readonly PlaceStep[];
  /** Of each element of the path to the object: whether it may be null. */
  nullable: readonly boolean[];
  conditions: readonly DirectiveNode[];
  /** Whether it belongs to a session that the operation begins. */
  isOfAnother: boolean;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
const CONDITIONS = new Set(['skip', 'include']);

const conditionsOf = ({ directives = [] }: { directives?: readonly DirectiveNode[] }) =>
  directives.filter(({ name }) => CONDITIONS.has(name.value));

/** Returns of a value, of the elements of its list, and so on: whether it may be null. */
function nullability(type: GraphQLOutputType): boolean[] {
  const bare = getNullableType(type);
  return [type === bare, ...(isListType(bare) ? nullability(bare.ofType) : [])];
}

/** Whether a field is answered from the schema. */
export const isIntrospection = ({ name }: FieldNode) => name.value.startsWith('__');

/** A field of one of the types that a place may have. */
interface Candidate {
  type: GraphQLObjectType;
  field: AuthorizedField | undefined;
  graphs: ReadonlySet<string>;
  requirement: Requirement | undefined;
}

const nullabilityOf = ({ name }: FieldNode, [candidate]: readonly Candidate[]): boolean[] => {
  const definition = candidate?.type.getFields()[name.value];
  return definition ? nullability(definition.type) : [true];
};

/** Takes refused fields out of the selections of one document, and records their places. */
export class OperationFilter {
  readonly #authorized: Authorized;
  readonly #isRefused: (requirement: Requirement) => boolean;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly refused: RefusedPlace[] = [];

  constructor(authorized: Authorized, document: DocumentNode, isRefused: (requirement: Requirement) => boolean) {
    this.#authorized = authorized;
    this.#isRefused = isRefused;
    this.#fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  #typesOf(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.#authorized.schema.getPossibleTypes(type) : [type];
  }

  /** A subgraph is asked for a field where the object is at hand, if it has the field. */
  #candidate(type: GraphQLObjectType, name: string, { graphs, isOfAnother }: Place): Candidate {
    const field = this.#authorized.fields.get(type.name)?.get(name);
    if (!field) return { type, field, graphs: graphs ?? new Set(), requirement: undefined };
    const atHand = [...field.graphs].filter((graph) => !graphs || graphs.has(graph));
    const isByKey = atHand.length === 0 || field.isAlwaysByKey;
    const requirement = isByKey && graphs ? field.byKey : field.atHand;
    return {
      type,
      field,
      graphs: atHand.length > 0 ? new Set(atHand) : field.graphs,
      requirement: isOfAnother ? undefined : requirement,
    };
  }

  #refuse(node: FieldNode, name: string, refused: readonly Candidate[], place: Place): void {
    const { steps, conditions, allTypes } = place;
    const byRequirement = new Map<Requirement, Candidate[]>();
    for (const candidate of refused) {
      const requirement = candidate.requirement as Requirement;
      byRequirement.set(requirement, [...(byRequirement.get(requirement) ?? []), candidate]);
    }
    for (const [requirement, candidates] of byRequirement) {
      const types = candidates.length < allTypes.length ? new Set(candidates.map(({ type }) => type.name)) : undefined;
      const [subgraph = ''] = candidates[0]?.graphs ?? [];
      const [isNullable = true] = nullabilityOf(node, candidates);
      const nullable = [...place.nullable, isNullable];
      this.refused.push({ steps: [...steps, { name, types }], nullable, conditions, requirement, subgraph });
    }
  }

  #field(node: FieldNode, given: Place): SelectionNode[] {
    if (isIntrospection(node)) return [node];
    const name = (node.alias ?? node.name).value;
    const place = { ...given, conditions: [...given.conditions, ...conditionsOf(node)] };
    const candidates = place.types.map((type) => this.#candidate(type, node.name.value, place));
    const refused = candidates.filter(({ requirement }) => requirement && this.#isRefused(requirement));
    if (refused.length > 0) this.#refuse(node, name, refused, place);
    const permitted = candidates.filter((candidate) => !refused.includes(candidate));
    if (permitted.length === 0) return [];
    const field = this.#withSelections(node, name, permitted, place);
    if (refused.length === 0) return [field];
    return permitted.map(({ type }) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
    }));
  }

  #withSelections(node: FieldNode, name: string, permitted: readonly Candidate[], place: Place): FieldNode {
    const { selectionSet } = node;
    if (!selectionSet) return node;
    const returned = permitted.flatMap(({ type }) => {
      const definition = type.getFields()[node.name.value];
      const named = definition && getNamedType(definition.type);
      return isCompositeType(named) ? this.#typesOf(named) : [];
    });
    const types = [...new Set(returned)];
    const isNarrowed = permitted.length < place.allTypes.length;
    const selections = this.#selections(selectionSet, {
      types,
      allTypes: types,
      graphs: new Set(permitted.flatMap(({ graphs }) => [...graphs])),
      steps: [
        ...place.steps,
        { name, types: isNarrowed ? new Set(permitted.map(({ type }) => type.name)) : undefined },
      ],
      nullable: [...place.nullable, ...nullabilityOf(node, permitted)],
      conditions: place.conditions,
      isOfAnother: place.isOfAnother || permitted.some(({ field }) => field?.beginsSession),
    });
    // Where a type decides, the answer has to say it.
    const needsType = selections.length === 0 || types.length > 1;
    return {
      ...node,
      selectionSet: { ...selectionSet, selections: needsType ? [...selections, TYPENAME] : selections },
    };
  }

  #fragment(node: Exclude<SelectionNode, FieldNode>, place: Place): SelectionNode[] {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
    if (!fragment) return [];
    const { typeCondition, selectionSet } = fragment;
    const condition = typeCondition && this.#authorized.schema.getType(typeCondition.name.value);
    const possible = isCompositeType(condition) ? this.#typesOf(condition) : place.types;
    const types = place.types.filter((type) => possible.includes(type));
    if (types.length === 0) return [];
    const selections = this.#selections(selectionSet, {
      ...place,
      types,
      conditions: [...place.conditions, ...conditionsOf(node)],
    });
    if (selections.length === 0) return [];
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition,
        directives: node.directives,
        selectionSet: { ...selectionSet, selections },
      },
    ];
  }

  /** Returns the permitted selections of an operation, without spreads of fragments. */
  permitted(selectionSet: SelectionSetNode, root: GraphQLObjectType): SelectionNode[] {
    const types = [root];
    const path = { steps: [], nullable: [], conditions: [] };
    return this.#selections(selectionSet, { types, allTypes: types, graphs: undefined, isOfAnother: false, ...path });
  }

  #selections({ selections }: SelectionSetNode, place: Place): SelectionNode[] {
    return selections.flatMap((node) =>
      node.kind === Kind.FIELD ? this.#field(node, place) : this.#fragment(node, place),
    );
  }
}
