import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How large an operation may be. Real ones stay far below; they exist so that one request cannot occupy the gateway. */
export const limits = {
  bodyBytes: 1024 * 1024,
  tokens: 5_000,
  depth: 20,
  aliases: 50,
  rootFields: 50,
  fields: 1_000,
  directives: 50,
  variableDepth: 20,
} as const;

/** What is measured of an operation before anything of it runs. */
type Size = Record<'depth' | 'aliases' | 'rootFields' | 'fields' | 'directives', number>;

interface Limit {
  code: string;
  /** Completes "The operation … {measured} …; {limit} are allowed." */
  says(measured: number): string;
}

/** The code of an operation, or of variables, nested deeper than is allowed. */
export const DEPTH_LIMIT_EXCEEDED = 'DEPTH_LIMIT_EXCEEDED';

const sizeLimitOf: Record<keyof Size, Limit> = {
  depth: { code: DEPTH_LIMIT_EXCEEDED, says: (levels) => `is nested ${levels} levels deep` },
  aliases: { code: 'ALIAS_LIMIT_EXCEEDED', says: (aliases) => `has ${aliases} aliases` },
  rootFields: { code: 'ROOT_FIELD_LIMIT_EXCEEDED', says: (fields) => `has ${fields} fields at its root` },
  fields: { code: 'FIELD_LIMIT_EXCEEDED', says: (fields) => `has ${fields} fields` },
  directives: { code: 'DIRECTIVE_LIMIT_EXCEEDED', says: (directives) => `has ${directives} directives` },
};

/** The code of a document with more tokens than are allowed. */
export const TOKEN_LIMIT_EXCEEDED = 'TOKEN_LIMIT_EXCEEDED';
/** The code of an operation that may return more than is allowed. */
export const COST_LIMIT_EXCEEDED = 'COST_LIMIT_EXCEEDED';

const limitCodes = new Set<unknown>([
  ...Object.values(sizeLimitOf).map(({ code }) => code),
  TOKEN_LIMIT_EXCEEDED,
  COST_LIMIT_EXCEEDED,
]);

/** Whether this is the code of one of the limits. */
export const isLimitCode = (code: unknown): code is string => limitCodes.has(code);

type Part = Omit<Size, 'rootFields'>;

const NOTHING: Part = { depth: 0, aliases: 0, fields: 0, directives: 0 };

function sizeOfSelection(selection: SelectionNode, fragment: (name: string) => Part): Part {
  const directives = selection.directives?.length ?? 0;
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    const inner = fragment(selection.name.value);
    return { ...inner, directives: inner.directives + directives };
  }
  const inner = sizeOf(selection.selectionSet, fragment);
  if (selection.kind === Kind.INLINE_FRAGMENT) return { ...inner, directives: inner.directives + directives };
  const aliases = selection.alias ? 1 : 0;
  // Introspection is as deep as the types it describes are wrapped; how deep it may be, graphql-js says.
  const isIntrospection = selection.name.value.startsWith('__');
  return {
    depth: isIntrospection ? 0 : inner.depth + 1,
    aliases: inner.aliases + aliases,
    fields: inner.fields + 1,
    directives: inner.directives + directives,
  };
}

function sizeOf(selectionSet: SelectionSetNode | undefined, fragment: (name: string) => Part): Part {
  const size = { ...NOTHING };
  for (const selection of selectionSet?.selections ?? []) {
    const { depth, aliases, fields, directives } = sizeOfSelection(selection, fragment);
    size.depth = Math.max(size.depth, depth);
    size.aliases += aliases;
    size.fields += fields;
    size.directives += directives;
  }
  return size;
}

/** Returns what `measure` says of each fragment of a document, asked once however often it is spread. */
function onceEach<T>(
  context: ValidationContext,
  nothing: T,
  measure: (selectionSet: SelectionSetNode | undefined, fragment: (name: string) => T) => T,
): (name: string) => T {
  const measured = new Map<string, T>();
  const ofFragment = (name: string): T => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Also what a fragment that spreads itself is given: a rule of its own refuses it.
    measured.set(name, nothing);
    const found = measure(context.getFragment(name)?.selectionSet, ofFragment);
    measured.set(name, found);
    return found;
  };
  return ofFragment;
}

/** How many fields stand at the root of an operation, fragments spread. */
function countRootFields(selectionSet: SelectionSetNode | undefined, fragment: (name: string) => number): number {
  const counts = selectionSet?.selections.map((selection) => {
    if (selection.kind === Kind.FIELD) return 1;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return fragment(selection.name.value);
    return countRootFields(selection.selectionSet, fragment);
  });
  return (counts ?? []).reduce((sum, count) => sum + count, 0);
}

const refused = new WeakSet<ValidationContext>();

/** Whether `sizeLimits` has refused an operation of this document. */
export const isBeyondLimits = (context: ValidationContext): boolean => refused.has(context);

/** Refuses operations larger than the limits, each with the code of its limit; fragments count where they are used. */
export function sizeLimits(context: ValidationContext): ASTVisitor {
  const partOf = onceEach(context, NOTHING, sizeOf);
  const rootFieldsOf = onceEach(context, 0, countRootFields);

  function check(node: OperationDefinitionNode): void {
    const { directives, ...part } = sizeOf(node.selectionSet, partOf);
    const size: Size = {
      ...part,
      rootFields: countRootFields(node.selectionSet, rootFieldsOf),
      directives: directives + (node.directives?.length ?? 0),
    };
    for (const name of Object.keys(sizeLimitOf) as (keyof Size)[]) {
      if (size[name] <= limits[name]) continue;
      const { code, says } = sizeLimitOf[name];
      const message = `The operation ${says(size[name])}; ${limits[name]} are allowed.`;
      refused.add(context);
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code } }));
    }
  }

  return {
    // Before any other rule looks at what is in the document.
    Document({ definitions }) {
      for (const node of definitions) if (node.kind === Kind.OPERATION_DEFINITION) check(node);
    },
  };
}

/** Whether a value that was read from JSON is nested more than `levels` deep. Looks no deeper than that itself. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
