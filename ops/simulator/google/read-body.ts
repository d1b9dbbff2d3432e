import { z } from 'zod';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { WireRequest } from '#simulator/wire.js';
import { GoogleError } from './errors.js';

/** Reads an enum's name, or number as protobuf libraries send it: https://protobuf.dev/programming-guides/json/ */
export function protoEnum<Name extends string>(numbers: Record<Name, number>) {
  const names = Object.keys(numbers) as [Name, ...Name[]];
  const nameOf = (value: unknown) => names.find((name) => numbers[name] === value) ?? value;
  return z.preprocess(nameOf, z.enum(names));
}

/** 64-bit integers are text on the wire; Google accepts numbers as well. */
export const int64 = z.union([z.string().regex(/^-?\d{1,18}$/), z.int()]).transform((value) => Number(value));

/** Parses a JSON body; throws for unknown names and wrong types, and NotSimulated for the names in `others`. */
export function readBody<T>(request: WireRequest, schema: z.ZodType<T>, others: readonly string[] = []): T {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!/^application\/json\b/i.test(type)) throw badBody('Invalid content type; JSON expected.');
  const result = schema.safeParse(parse(request.body));
  if (!result.success) {
    const unknown = result.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
    const other = unknown.find((name) => others.includes(name));
    if (other) throw new NotSimulated(`${other} in a request`);
    throw badBody(describe(result.error));
  }
  return result.data;
}

/** Returns the error for a malformed request. */
export function badBody(problem: string): GoogleError {
  return new GoogleError(400, {
    message: problem,
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: problem }] }],
  });
}

function parse(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw badBody('Invalid JSON payload received. Unexpected token.');
  }
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    return `Invalid JSON payload received. Unknown name "${issue.keys[0]}"${path && ` at '${path}'`}: Cannot find field.`;
  }
  return `Invalid value at '${path}': ${issue?.message}`;
}
