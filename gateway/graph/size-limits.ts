import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** The limits of one operation. Real ones stay far below. */
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

type Size = Record<'depth' | 'aliases' | 'rootFields' | 'fields' | 'directives', number>;

interface Limit {
  code: string;
  /** Completes "The operation … {measured} …; {limit} are allowed." */
  describe(measured: number): string;
}

export const DEPTH_LIMIT_EXCEEDED = 'DEPTH_LIMIT_EXCEEDED';

const sizeLimitOf: Record<keyof Size, Limit> = {
  depth: { code: DEPTH_LIMIT_EXCEEDED, describe: (levels) => `is nested ${levels} levels deep` },
  aliases: { code: 'ALIAS_LIMIT_EXCEEDED', describe: (aliases) => `has ${aliases} aliases` },
  rootFields: { code: 'ROOT_FIELD_LIMIT_EXCEEDED', describe: (fields) => `has ${fields} fields at its root` },
  fields: { code: 'FIELD_LIMIT_EXCEEDED', describe: (fields) => `has ${fields} fields` },
  directives: { code: 'DIRECTIVE_LIMIT_EXCEEDED', describe: (directives) => `has ${directives} directives` },
};

export const TOKEN_LIMIT_EXCEEDED = 'TOKEN_LIMIT_EXCEEDED';
export const COST_LIMIT_EXCEEDED = 'COST_LIMIT_EXCEEDED';

const limitCodes = new Set<unknown>([
  ...Object.values(sizeLimitOf).map(({ code }) => code),
  TOKEN_LIMIT_EXCEEDED,
  COST_LIMIT_EXCEEDED,
]);

/** Whether a code is that of a limit. */
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
  // The depth of introspection is limited by graphql-js.
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

/** Measures each fragment of a document once. */
function onceEach<T>(
  context: ValidationContext,
  nothing: T,
  measure: (selectionSet: SelectionSetNode | undefined, fragment: (name: string) => T) => T,
): (name: string) => T {
  const measured = new Map<string, T>();
  const ofFragment = (name: string): T => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // For a fragment that spreads itself, which another rule refuses.
    measured.set(name, nothing);
    const found = measure(context.getFragment(name)?.selectionSet, ofFragment);
    measured.set(name, found);
    return found;
  };
  return ofFragment;
}

function countRootFields(selectionSet: SelectionSetNode | undefined, fragment: (name: string) => number): number {
  const counts = selectionSet?.selections.map((selection) => {
    if (selection.kind === Kind.FIELD) return 1;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return fragment(selection.name.value);
    return countRootFields(selection.selectionSet, fragment);
  });
  return (counts ?? []).reduce((sum, count) => sum + count, 0);
}

const refused = new WeakSet<ValidationContext>();

/** Whether `sizeLimits` has refused an operation of the document. */
export const isBeyondLimits = (context: ValidationContext): boolean => refused.has(context);

/** Validation rule: refuses operations larger than the limits, fragments expanded. */
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
      const { code, describe } = sizeLimitOf[name];
      const message = `The operation ${describe(size[name])}; ${limits[name]} are allowed.`;
      refused.add(context);
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code } }));
    }
  }

  return {
    // Before all other rules.
    Document({ definitions }) {
      for (const node of definitions) if (node.kind === Kind.OPERATION_DEFINITION) check(node);
    },
  };
}

/** Whether a JSON value is nested more than `levels` deep. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
