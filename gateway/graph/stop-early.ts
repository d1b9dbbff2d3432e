import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';
import { validationAbortedError } from 'graphql/validation/validationAbortedError.js';
import { isBeyondLimits } from './size-limits.js';

/** The names of the fragments that are spread directly in a selection. */
function spreadIn(selectionSet: SelectionSetNode): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection.name.value];
    return selection.selectionSet ? spreadIn(selection.selectionSet) : [];
  });
}

/** Returns a fragment that spreads itself, also by way of others; undefined when there is none. */
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
 * Ends the validation of a document that `sizeLimits` refuses, or that has a circular fragment: the rules that compare
 * fields with each other take a hundred times as long as those two, and run out of stack on circles. Name it after
 * `sizeLimits`.
 */
export function stopEarly(context: ValidationContext): ASTVisitor {
  return {
    Document() {
      if (isBeyondLimits(context)) throw validationAbortedError;
      const name = circularFragment(context);
      if (name === undefined) return;
      context.reportError(new GraphQLError(`Cannot spread fragment "${name}" within itself.`));
      throw validationAbortedError;
    },
  };
}

/** Whether this is what graphql-js adds to the errors of a document whose validation was ended. */
export const isStop = ({ message }: { message: string }) => message === validationAbortedError.message;
