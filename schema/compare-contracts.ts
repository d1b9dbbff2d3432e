import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { z } from 'zod';

/** The contract with clients at one time. */
export interface Contract {
  /** As in `schema/api.graphql`. */
  api: string;
  /** The manual's page of error codes. */
  errors: string;
  /** `schema/openapi.json`; undefined before there was one. */
  openapi: string | undefined;
}

/** A difference between two contracts. */
export interface Change {
  /** As graphql-inspector names it: `FIELD_REMOVED`. */
  type: string;
  /** `User.name`; an error code; `GET /api/user`. */
  path: string;
  message: string;
}

/** The differences between two contracts, by what they do to clients. */
export interface Comparison {
  /** Requests of clients fail that worked. */
  breaking: Change[];
  /** Clients may not expect it, as a new value of an enum. */
  dangerous: Change[];
  safe: Change[];
}

/** The format of `schema/breaking-changes.json`. */
export const breakingChanges = z.array(
  z.strictObject({
    type: z.string(),
    path: z.string(),
    /** The first one with the change. */
    release: z.string().regex(/^\d+\.\d+\.\d+$/),
    /** What clients do instead. */
    instead: z.string().min(1),
  }),
);
/** Breaking changes that are declared. */
export type DeclaredChanges = z.infer<typeof breakingChanges>;

const codesIn = (errors: string) =>
  new Set([...errors.matchAll(/^\| (`[A-Z_` ]+`) \|/gm)].flatMap(([, row]) => row?.match(/[A-Z_]+/g) ?? []));

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

function resourcesIn(openapi: string | undefined): Set<string> {
  const { paths = {} } = JSON.parse(openapi ?? '{}') as { paths?: Record<string, object> };
  return new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => (METHODS.has(method) ? [`${method.toUpperCase()} ${path}`] : [])),
    ),
  );
}

/** Returns what was removed and added, as breaking and safe changes. */
function compareSets(
  kind: string,
  name: string,
  before: Set<string>,
  after: Set<string>,
): Pick<Comparison, 'breaking' | 'safe'> {
  const missingIn = (set: Set<string>, from: Set<string>, change: string) =>
    [...from]
      .filter((path) => !set.has(path))
      .map((path) => ({ type: `${kind}_${change.toUpperCase()}`, path, message: `${name} '${path}' was ${change}` }));
  return { breaking: missingIn(after, before, 'removed'), safe: missingIn(before, after, 'added') };
}

/** Returns the differences between two contracts: of the schema, of error codes, and of REST resources. */
export async function compareContracts(before: Contract, after: Contract): Promise<Comparison> {
  const changes = await diff(buildSchema(before.api), buildSchema(after.api));
  const at = (level: CriticalityLevel) =>
    changes
      .filter(({ criticality }) => criticality.level === level)
      .map(({ type, path = '', message }) => ({ type: String(type), path, message }));
  const codes = compareSets('ERROR_CODE', 'Error code', codesIn(before.errors), codesIn(after.errors));
  const resources = compareSets('RESOURCE', 'Resource', resourcesIn(before.openapi), resourcesIn(after.openapi));
  return {
    breaking: [...at(CriticalityLevel.Breaking), ...codes.breaking, ...resources.breaking],
    dangerous: at(CriticalityLevel.Dangerous),
    safe: [...at(CriticalityLevel.NonBreaking), ...codes.safe, ...resources.safe],
  };
}

/** Returns the breaking changes that are not declared, or only for a release before the one compared with. */
export function findUndeclared({ breaking }: Comparison, before: DeclaredChanges, after: DeclaredChanges): Change[] {
  const idOf = ({ type, path, release = '' }: { type: string; path: string; release?: string }) =>
    `${type} ${path} ${release}`;
  const old = new Set(before.map(idOf));
  const declared = new Set(
    after.filter((entry) => !old.has(idOf(entry))).map(({ type, path }) => idOf({ type, path })),
  );
  return breaking.filter(({ type, path }) => !declared.has(idOf({ type, path })));
}
