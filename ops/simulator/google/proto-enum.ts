import { z } from 'zod';

/** Enums travel by name; a library that speaks protobuf sends their numbers, which are taken as well. https://protobuf.dev/programming-guides/json/ */
export function protoEnum<Name extends string>(numbers: Record<Name, number>) {
  const names = Object.keys(numbers) as [Name, ...Name[]];
  const nameOf = (value: unknown) => names.find((name) => numbers[name] === value) ?? value;
  return z.preprocess(nameOf, z.enum(names));
}
