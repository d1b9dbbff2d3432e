import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How large an operation may be. Real ones stay far below; they exist so that one request cannot occupy the gateway. */
export const limits = {
  bodyBytes: 1024 * 1024,
  tokens: 5_000,
  depth: 20,
  aliases: 50,
} as const;

/** The code of an operation beyond the limits. */
export const OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE';

interface Size {
  depth: number;
  aliases: number;
}

function sizeOf(selectionSet: SelectionSetNode | undefined, fragment: (name: string) => Size): Size {
  const size = { depth: 0, aliases: 0 };
  for (const selection of selectionSet?.selections ?? []) {
    // Introspection is as deep as the types it describes are wrapped, and served from memory.
    if (selection.kind === Kind.FIELD && selection.name.value.startsWith('__')) continue;
    const isField = selection.kind === Kind.FIELD;
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? fragment(selection.name.value)
        : sizeOf(selection.selectionSet, fragment);
    size.depth = Math.max(size.depth, inner.depth + (isField ? 1 : 0));
    size.aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
  }
  return size;
}

/** Refuses operations nested deeper or with more aliases than the limits, fragments spread where they are used. */
export function sizeLimits(context: ValidationContext): ASTVisitor {
  const measured = new Map<string, Size>();
  const fragments = new Map(
    context
      .getDocument()
      .definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const ofFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    // Also what a fragment that spreads itself is given: a rule of its own refuses it.
    measured.set(name, { depth: 0, aliases: 0 });
    const size = sizeOf(fragments.get(name)?.selectionSet, ofFragment);
    measured.set(name, size);
    return size;
  };
  return {
    OperationDefinition(node) {
      const { depth, aliases } = sizeOf(node.selectionSet, ofFragment);
      if (depth > limits.depth) report(`The operation is nested ${depth} levels deep; ${limits.depth} are allowed.`);
      if (aliases > limits.aliases) report(`The operation has ${aliases} aliases; ${limits.aliases} are allowed.`);
      function report(message: string): void {
        context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: OPERATION_TOO_LARGE } }));
      }
    },
  };
}
