import { relative } from 'node:path';
import type { Alerts } from '#runtime/alert.js';
import type { Config } from '#runtime/config/config.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { categoryOf } from './category-of.js';

export interface UnexpectedErrors {
  /** Raises an alert. `path` is that of the field, where there is one. */
  raise(error: unknown, requestId: string, path?: readonly (string | number)[]): void;
  /** Returns the extensions for the client: in development the stack, else none. */
  extensionsOf(error: unknown): { stacktrace?: string[] };
}

/** The topmost frame of our own code: it identifies a bug, whatever values the message quotes. */
function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node_modules|node:/.test(line)) ?? '';
  const file = /(?:file:\/\/)?(\/[^\s()]+|[A-Z]:\\[^\s()]+?):\d+:\d+\)?$/.exec(own)?.[1];
  const caller = /^\s+at (?:async )?(.+?) \(/.exec(own)?.[1];
  return [caller, file && relative(projectRoot, file)].filter(Boolean).join(' in ');
}

/** Returns the handler of unexpected errors of this process. */
export function unexpectedErrors({ config, alerts }: { config: Config; alerts: Alerts }): UnexpectedErrors {
  return {
    raise: (thrown, requestId, path = []) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // The field first: the stack of a failed query does not reach our code.
      const place = path.filter((step) => typeof step === 'string').join('.') || placeOf(error);
      alerts.raise({
        category: categoryOf(error),
        key: `unexpected ${error.name}${place && ` at ${place}`}`,
        runbook: 'unexpected-error',
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
