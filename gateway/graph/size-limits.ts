import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type Token,
  TokenKind,
  type ValidationContext,
} from 'graphql';
import type { ErrorCode } from '#runtime/error-codes.js';

/** The limits of one operation. Real ones stay far below. */
export const limits = {
  bodyBytes: 1024 * 1024,
  /** Of a body at `/graphql`. */
  operationBytes: 128 * 1024,
  tokens: 5_000,
  nameLength: 100,
  fragments: 50,
  variables: 100,
  depth: 20,
  aliases: 50,
  rootFields: 50,
  mutations: 10,
  passwords: 1,
  fields: 1_000,
  directives: 50,
  variableDepth: 20,
} as const;

/** Sizes of one operation. */
type Size = Record<
  'variables' | 'depth' | 'aliases' | 'rootFields' | 'mutations' | 'passwords' | 'fields' | 'directives',
  number
>;

/** Sizes of the whole document. */
type DocumentSize = Record<'nameLength' | 'fragments', number>;

interface Limit {
  code: ErrorCode;
  /** Completes "The operation … {measured} …; {limit} are allowed." */
  describe(measured: number): string;
}

export const DEPTH_LIMIT_EXCEEDED = 'DEPTH_LIMIT_EXCEEDED';

const sizeLimitOf: Record<keyof Size | keyof DocumentSize, Limit> = {
  nameLength: { code: 'NAME_LIMIT_EXCEEDED', describe: (letters) => `has a name of ${letters} letters` },
  fragments: { code: 'FRAGMENT_LIMIT_EXCEEDED', describe: (fragments) => `has ${fragments} fragments` },
  variables: { code: 'VARIABLE_LIMIT_EXCEEDED', describe: (variables) => `has ${variables} variables` },
  depth: { code: DEPTH_LIMIT_EXCEEDED, describe: (levels) => `is nested ${levels} levels deep` },
  aliases: { code: 'ALIAS_LIMIT_EXCEEDED', describe: (aliases) => `has ${aliases} aliases` },
  rootFields: { code: 'ROOT_FIELD_LIMIT_EXCEEDED', describe: (fields) => `has ${fields} fields at its root` },
  mutations: { code: 'MUTATION_LIMIT_EXCEEDED', describe: (mutations) => `has ${mutations} mutations` },
  passwords: {
    code: 'PASSWORD_LIMIT_EXCEEDED',
    describe: (mutations) => `has ${mutations} mutations that check or set a password`,
  },
  fields: { code: 'FIELD_LIMIT_EXCEEDED', describe: (fields) => `has ${fields} fields` },
  directives: { code: 'DIRECTIVE_LIMIT_EXCEEDED', describe: (directives) => `has ${directives} directives` },
};

export const TOKEN_LIMIT_EXCEEDED = 'TOKEN_LIMIT_EXCEEDED';
export const COST_LIMIT_EXCEEDED = 'COST_LIMIT_EXCEEDED';

type Part = Omit<Size, 'variables' | 'rootFields' | 'mutations' | 'passwords'>;

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

type CountFields = (selectionSet: SelectionSetNode | undefined, fragment: (name: string) => number) => number;

/** Returns what counts the root fields whose name `isCounted`. */
function rootFieldCounter(isCounted: (name: string) => boolean): CountFields {
  const count: CountFields = (selectionSet, fragment) => {
    const counts = selectionSet?.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return isCounted(selection.name.value) ? 1 : 0;
      if (selection.kind === Kind.FRAGMENT_SPREAD) return fragment(selection.name.value);
      return count(selection.selectionSet, fragment);
    });
    return (counts ?? []).reduce((sum, one) => sum + one, 0);
  };
  return count;
}

const countRootFields = rootFieldCounter(() => true);

/** Returns what counts the mutations that take a password: each computes a slow hash. */
function passwordCounter(context: ValidationContext): CountFields {
  const mutations = context.getSchema().getMutationType()?.getFields() ?? {};
  return rootFieldCounter(
    (name) => mutations[name]?.args.some((argument) => /password$/i.test(argument.name)) ?? false,
  );
}

/** Returns the number of tokens and the length of the longest name of a document that was parsed with locations. */
export function measureTokens({ loc }: DocumentNode): { tokens: number; nameLength: number } {
  let tokens = 0;
  let nameLength = 0;
  for (let token: Token | null | undefined = loc?.startToken; token; token = token.next) {
    tokens += 1;
    if (token.kind === TokenKind.NAME) nameLength = Math.max(nameLength, token.value.length);
  }
  return { tokens, nameLength };
}

const refused = new WeakSet<ValidationContext>();

/** Reports an error of a rule of ours, after which validation ends. */
export function refuse(context: ValidationContext, error: GraphQLError): void {
  refused.add(context);
  context.reportError(error);
}

/** Whether a rule of ours has refused the document. */
export const isRefused = (context: ValidationContext): boolean => refused.has(context);

/** Validation rule: refuses operations larger than the limits, fragments expanded. */
export function sizeLimits(context: ValidationContext): ASTVisitor {
  const partOf = onceEach(context, NOTHING, sizeOf);
  const rootFieldsOf = onceEach(context, 0, countRootFields);
  const countPasswords = passwordCounter(context);
  const passwordsOf = onceEach(context, 0, countPasswords);

  function report<Name extends keyof typeof sizeLimitOf>(sizes: Record<Name, number>, node?: ASTNode): void {
    for (const name of Object.keys(sizes) as Name[]) {
      if (sizes[name] <= limits[name]) continue;
      const { code, describe } = sizeLimitOf[name];
      const message = `The operation ${describe(sizes[name])}; ${limits[name]} ${limits[name] === 1 ? 'is' : 'are'} allowed.`;
      refuse(context, new GraphQLError(message, { nodes: node, extensions: { code } }));
    }
  }

  function check(node: OperationDefinitionNode): void {
    const { depth, aliases, fields, directives } = sizeOf(node.selectionSet, partOf);
    const rootFields = countRootFields(node.selectionSet, rootFieldsOf);
    report<keyof Size>(
      {
        variables: node.variableDefinitions?.length ?? 0,
        depth,
        aliases,
        rootFields,
        mutations: node.operation === 'mutation' ? rootFields : 0,
        passwords: node.operation === 'mutation' ? countPasswords(node.selectionSet, passwordsOf) : 0,
        fields,
        directives: directives + (node.directives?.length ?? 0),
      },
      node,
    );
  }

  return {
    // Before all other rules.
    Document(document) {
      const { definitions } = document;
      const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
      report<keyof DocumentSize>({ nameLength: measureTokens(document).nameLength, fragments });
      for (const node of definitions) if (node.kind === Kind.OPERATION_DEFINITION) check(node);
    },
  };
}

/** Whether a JSON value is nested more than `levels` deep. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
