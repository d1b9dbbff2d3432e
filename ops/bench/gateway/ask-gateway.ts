import type { Gateway } from '#ops/bench/bench-platform.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Runs an operation and returns its data. Throws on any error: a measured answer must be a whole one. */
export async function askGateway<Data>(
  gateway: Gateway,
  identity: Identity,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const { body } = await gateway.executeOperation({ query, variables }, { contextValue: { identity } });
  if (body.kind !== 'single') throw new Error('The gateway answered in parts.');
  const { data, errors } = body.singleResult;
  if (errors?.[0]) throw new Error(`The gateway answered with an error: ${errors[0].message}`);
  return data as Data;
}
