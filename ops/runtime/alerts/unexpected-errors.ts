import { relative } from 'node:path';
import type { Alerts } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { categoryOf } from './category-of.js';

/** What a process does about errors nobody expected, besides logging them. */
export interface UnexpectedErrors {
  /** Tells operators. `path` is that of the field, where there is one. */
  raise(error: unknown, requestId: string, path?: readonly (string | number)[]): void;
  /** What a client is told besides the code and the request: in development the stack, else nothing. */
  extensionsOf(error: unknown): { stacktrace?: string[] };
}

/** Where in our own code an error came from: what tells one bug from another, whatever its message quotes. */
function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node_modules|node:/.test(line)) ?? '';
  const file = /(?:file:\/\/)?(\/[^\s()]+|[A-Z]:\\[^\s()]+?):\d+:\d+\)?$/.exec(own)?.[1];
  const caller = /^\s+at (?:async )?(.+?) \(/.exec(own)?.[1];
  return [caller, file && relative(projectRoot, file)].filter(Boolean).join(' in ');
}

/** Returns what this process does about errors nobody expected. */
export function unexpectedErrors({ config, alerts }: { config: Config; alerts: Alerts }): UnexpectedErrors {
  return {
    raise: (thrown, requestId, path = []) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // The field first: the stack of a failed query does not reach back to our code.
      const place = path.filter((step) => typeof step === 'string').join('.') || placeOf(error);
      alerts.raise({
        category: categoryOf(error),
        key: `unexpected ${error.name}${place && ` at ${place}`}`,
        message: `Unexpected ${error.name}${place && ` at ${place}`}: look for the request in the log.`,
        error,
        requestId,
        organizationId: currentRequestContext()?.organizationId,
      });
    },
    extensionsOf: (error) =>
      config.environment === 'development' && error instanceof Error && error.stack
        ? { stacktrace: error.stack.split('\n') }
        : {},
  };
}
