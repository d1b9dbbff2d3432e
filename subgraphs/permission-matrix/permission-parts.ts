import { subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import type { PermissionPart } from './permission-walk.js';

/** Returns the contract and the rules of each subgraph, in their order. */
export function permissionParts(): Promise<PermissionPart[]> {
  const partOf = async (name: (typeof subgraphNames)[number]): Promise<PermissionPart> => {
    const { permissions } = await subgraphs[name]();
    return { name, typeDefinitions: typeDefinitionsOf(name), permissions };
  };
  return Promise.all(subgraphNames.map(partOf));
}
