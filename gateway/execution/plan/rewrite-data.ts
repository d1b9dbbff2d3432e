import type { FetchDataRewrite } from '@apollo/query-planner';
import { type Data, ownValue, setOwn } from './merge-data.js';
import type { IsOfType } from './type-conditions.js';

/** Changes what is sent to a subgraph, or what it answered, in place. */
export type RewriteData = (value: unknown) => void;

const CONDITION = '... on ';

function changeOf(rewrite: FetchDataRewrite, name: string): (value: Data) => void {
  if (rewrite.kind === 'ValueSetter') return (value) => setOwn(value, name, rewrite.setValueTo);
  return (value) => {
    const named = ownValue(value, name);
    // As Apollo's gateway: what is empty keeps its name.
    if (!named) return;
    setOwn(value, rewrite.renameKeyTo, named);
    value[name] = undefined;
  };
}

function compileRewrite(rewrite: FetchDataRewrite, isOfType: IsOfType): RewriteData {
  const change = changeOf(rewrite, rewrite.path.at(-1) as string);
  const parents = rewrite.path.slice(0, -1);
  const changeBelow = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      for (const element of value) changeBelow(element, depth);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const parent = parents[depth];
    if (parent === undefined) {
      change(value as Data);
    } else if (!parent.startsWith(CONDITION)) {
      changeBelow(ownValue(value, parent), depth + 1);
    } else {
      const { __typename: typename } = value as { __typename?: string };
      if (!typename || isOfType(typename, parent.slice(CONDITION.length))) changeBelow(value, depth + 1);
    }
  };
  return (value) => changeBelow(value, 0);
}

/** Compiles the rewrites of a fetch: values that are set, and fields that are renamed, at a path. undefined = there are none. */
export function compileRewrites(rewrites: FetchDataRewrite[] | undefined, isOfType: IsOfType): RewriteData | undefined {
  const compiled = (rewrites ?? [])
    .filter(({ path }) => path.length > 0)
    .map((rewrite) => compileRewrite(rewrite, isOfType));
  if (compiled.length === 0) return undefined;
  return (value) => {
    for (const rewrite of compiled) rewrite(value);
  };
}
