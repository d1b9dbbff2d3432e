import type { FieldNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Role, roles } from '#runtime/identity/identity.js';
import { allScopes, billingPerson, keyWithScopes, personIn } from '#subgraphs/permission-matrix/permission-matrix.js';
import { judgePath, type PermissionWalk, type Step } from '#subgraphs/permission-matrix/permission-walk.js';
import { type Fragments, fieldsOf, selectionsOf } from './selected-fields.js';

/** Who may run an operation, by the rules on the path to its answer. */
export interface OperationAccess {
  /** Whether it needs no credentials. */
  isPublic: boolean;
  /** Sets of scopes, each of which suffices for an API key; empty = no key may. */
  scopes: ApiKeyScope[][];
  /** The weakest role of users. */
  role: Role;
  /** Whether the right BILLING suffices, too, for users of any role. */
  hasRight: boolean;
  /** Fields of the answer for which such a key needs further scopes, by their path in it. */
  fields: Map<string, ApiKeyScope[]>;
}

const weakestFirst = [...roles].reverse();

function sufficientScopes(steps: Step[]): ApiKeyScope[][] {
  const passes = (scopes: ApiKeyScope[]) => judgePath(steps, keyWithScopes(scopes)) === true;
  if (!passes(allScopes)) return [];
  if (passes([])) return [[]];
  const single = allScopes.filter((scope) => passes([scope]));
  if (single.length > 0) return single.map((scope) => [scope]);
  return [allScopes.filter((scope) => !passes(allScopes.filter((other) => other !== scope)))];
}

/** Returns who may run an operation whose answer is at the path `answer` in its data. */
export function operationAccess(
  walk: PermissionWalk,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  answer: string[],
): OperationAccess {
  const root = operation.operation === 'mutation' ? 'Mutation' : 'Query';
  const follow = (steps: Step[], nodes: FieldNode[] | undefined): Step[] => {
    const field = nodes?.[0]?.name.value;
    if (!field) throw new Error(`${operation.name?.value} selects no ${answer.join('.')}.`);
    return [...steps, walk.step(steps.at(-1), { type: steps.at(-1)?.target ?? root, field })];
  };
  let path: Step[] = [];
  let selections = [operation.selectionSet];
  for (const key of answer) {
    const nodes = fieldsOf(selections, fragments).get(key);
    path = follow(path, nodes);
    selections = selectionsOf(nodes ?? []);
  }
  // The payload of a mutation for anyone belongs to the user it has signed in.
  const isForAnyone = root === 'Mutation' && path[0]?.rules.every(({ who }) => who === 'anyone');
  const judged = isForAnyone ? path.slice(0, 1) : path;
  const scopes = sufficientScopes(judged);
  const fields: OperationAccess['fields'] = new Map();
  const addFields = (steps: Step[], within: SelectionSetNode[], at: string, held: ApiKeyScope[]): void => {
    for (const [key, nodes] of fieldsOf(within, fragments)) {
      if (nodes[0]?.name.value === '__typename') continue;
      const here = follow(steps, nodes);
      if (judgePath(here, keyWithScopes(held)) === true) {
        addFields(here, selectionsOf(nodes), `${at}${key}.`, held);
      } else
        fields.set(
          `${at}${key}`,
          (sufficientScopes(here)[0] ?? []).filter((scope) => !held.includes(scope)),
        );
    }
  };
  if (scopes[0] && !isForAnyone) addFields(path, selections, '', scopes[0]);
  return {
    isPublic: judgePath(judged, anonymous('description')) === true,
    scopes,
    role: weakestFirst.find((role) => judgePath(judged, personIn(role)) === true) ?? 'OWNER',
    hasRight: judgePath(judged, billingPerson) === true && judgePath(judged, personIn('VIEWER')) !== true,
    fields,
  };
}
