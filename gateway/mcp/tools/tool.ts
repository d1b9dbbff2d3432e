import type { z } from 'zod';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';

/** A tool: the trusted query that answers it, and how arguments become its variables. */
// biome-ignore lint/suspicious/noExplicitAny: tools of different inputs are in one list
export interface Tool<Input = any> {
  /** Stable, in snake case. */
  name: string;
  title: string;
  /** For the model that chooses among tools. */
  description: string;
  /** What an API key must have for it; users are allowed what their role is. */
  scopes: readonly ApiKeyScope[];
  input: z.ZodType<Input>;
  /** A query in `schema/operations`. */
  operation: string;
  /** Where the answer is in the operation's data: `organization.campaigns`. */
  answer: string;
  /** Where its rows are in the answer, as `withPages` shapes it; absent = it has none. A list without pages is its own rows. */
  rows?: string;
  /** Whether its input has a period, whose days are the variable `range`; `native` = that, or the variable `period`. */
  hasPeriod?: boolean | 'native';
  /** Whether providers are asked, or only what is stored. */
  asksProviders: boolean;
  /** Returns the other variables of the operation. */
  variables(input: Input): Record<string, unknown>;
}

/** Returns a tool with the type of its input. */
export function defineTool<Input>(tool: Tool<Input>): Tool<Input> {
  return tool;
}
