import { Kind, parse } from 'graphql';

/** Whether an object of a type is of the type of a condition too, which may be abstract. */
export type IsOfType = (typename: string, condition: string) => boolean;

/** Returns the test of type conditions of a supergraph, with the types that clients do not see. */
export function typeConditionsOf(supergraphSdl: string): IsOfType {
  const membersOf = new Map<string, Set<string>>();
  const add = (abstract: string, member: string) =>
    membersOf.set(abstract, (membersOf.get(abstract) ?? new Set()).add(member));
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of node.types ?? []) add(node.name.value, member.name.value);
    } else if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      for (const { name } of node.interfaces ?? []) add(name.value, node.name.value);
    }
  }
  return (typename, condition) => typename === condition || membersOf.get(condition)?.has(typename) === true;
}
