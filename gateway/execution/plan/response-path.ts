import type { ResponsePath } from '@apollo/query-planner';
import { type Data, ownValue } from './merge-data.js';

/** Stands for each element of a list, in the paths of plans. */
const EACH = '@';

/** Returns what is at a path: a value, or, where the path goes through lists, all that is not null. */
export type FindData = (value: unknown) => unknown;

function fieldOf(value: unknown, name: string | number): unknown {
  if (Array.isArray(value)) throw new Error(`There is a list where the plan has the field ${name}.`);
  return ownValue(value, String(name));
}

function collect(value: unknown, path: ResponsePath, depth: number, found: unknown[]): void {
  let current = value;
  for (let index = depth; index < path.length; index += 1) {
    if (current === null || current === undefined) return;
    const step = path[index] as string | number;
    if (step === EACH) {
      if (!Array.isArray(current)) throw new TypeError('There is no list where the plan has one.');
      for (const element of current) collect(element, path, index + 1, found);
      return;
    }
    current = fieldOf(current, step);
  }
  if (Array.isArray(current)) found.push(...current.filter((element) => element !== null && element !== undefined));
  else if (current !== null && current !== undefined) found.push(current);
}

/** Compiles a path of a plan. What it returns throws where the data has a list and the path none, or the reverse. */
export function compilePath(path: ResponsePath): FindData {
  if (path.includes(EACH)) {
    return (value) => {
      const found: unknown[] = [];
      collect(value, path, 0, found);
      return found;
    };
  }
  return (value) => {
    let current = value;
    for (const step of path) {
      if (current === null || current === undefined) return undefined;
      current = fieldOf(current, step);
    }
    return current;
  };
}

/** Returns the paths, with indexes, of all that is at a path of a plan and not null, in the order in which it is found. */
export function pathsTo(root: unknown, path: ResponsePath): ResponsePath[] {
  const paths: ResponsePath[] = [];
  const visit = (value: unknown, depth: number, above: ResponsePath): void => {
    if (value === null || value === undefined) return;
    const step = path[depth];
    if (step === undefined) paths.push(above);
    else if (Array.isArray(value)) {
      const below = step === EACH ? depth + 1 : depth;
      for (const [index, element] of value.entries()) visit(element, below, [...above, index]);
    } else if (Object.hasOwn(value, step)) visit((value as Data)[step], depth + 1, [...above, step]);
  };
  visit(root, 0, []);
  return paths;
}
