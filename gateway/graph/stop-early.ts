import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';
import { validationAbortedError } from 'graphql/validation/validationAbortedError.js';
import { isRefused } from './size-limits.js';

function spreadIn(selectionSet: SelectionSetNode): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection.name.value];
    return selection.selectionSet ? spreadIn(selection.selectionSet) : [];
  });
}

/** Returns the name of a fragment that spreads itself, directly or not. */
function circularFragment(context: ValidationContext): string | undefined {
  const finished = new Set<string>();
  const entered = new Set<string>();
  const find = (name: string): string | undefined => {
    if (finished.has(name)) return undefined;
    if (entered.has(name)) return name;
    entered.add(name);
    const fragment = context.getFragment(name);
    for (const inner of fragment ? spreadIn(fragment.selectionSet) : []) {
      const found = find(inner);
      if (found) return found;
    }
    finished.add(name);
    return undefined;
  };
  for (const node of context.getDocument().definitions) {
    const found = node.kind === Kind.FRAGMENT_DEFINITION && find(node.name.value);
    if (found) return found;
  }
  return undefined;
}

/**
 * Validation rule, to follow the others of ours: ends validation after a refusal or a circular fragment, on which the
 * rules of graphql-js are slow or exhaust the stack.
 */
export function stopEarly(context: ValidationContext): ASTVisitor {
  return {
    Document() {
      if (isRefused(context)) throw validationAbortedError;
      const name = circularFragment(context);
      if (name === undefined) return;
      context.reportError(new GraphQLError(`Cannot spread fragment "${name}" within itself.`));
      throw validationAbortedError;
    },
  };
}

/** Whether an error is graphql-js's notice that validation was ended. */
export const isStop = ({ message }: { message: string }) => message === validationAbortedError.message;
