import { getResponseName, type QueryPlanFieldNode, type QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Data, mergeData, setOwn } from './merge-data.js';
import type { IsOfType } from './type-conditions.js';

/** Returns what a subgraph is given of an entity; null = what it requires is not there. */
export type Represent = (entity: Data | null) => Data | null;

type Add = (representation: Data, entity: Data) => boolean;

function compileField(field: QueryPlanFieldNode, isOfType: IsOfType): Add {
  const name = getResponseName(field);
  const representBelow = field.selections && compileRequires(field.selections, isOfType);
  return (representation, entity) => {
    const value = Object.hasOwn(entity, name) ? entity[name] : undefined;
    if (value === undefined) return false;
    if (!representBelow) setOwn(representation, name, value);
    else if (Array.isArray(value)) setOwn(representation, name, value.map(representBelow));
    else setOwn(representation, name, representBelow(value as Data | null));
    return true;
  };
}

function compileSelection(selection: QueryPlanSelectionNode, isOfType: IsOfType): Add {
  if (selection.kind === 'Field') return compileField(selection, isOfType);
  const { typeCondition, selections } = selection;
  if (!typeCondition) return () => true;
  const represent = compileRequires(selections, isOfType);
  return (representation, entity) => {
    const { __typename: typename } = entity as { __typename?: string };
    if (typename && isOfType(typename, typeCondition)) mergeData(representation, represent(entity));
    return true;
  };
}

/** Compiles what a fetch requires of its entities. */
export function compileRequires(selections: readonly QueryPlanSelectionNode[], isOfType: IsOfType): Represent {
  const adds = selections.map((selection) => compileSelection(selection, isOfType));
  return (entity) => {
    if (entity === null) return null;
    const representation: Data = {};
    for (const add of adds) if (!add(representation, entity)) return null;
    return representation;
  };
}
