/** Returns the reason of an error in one line, with its system code: where a stack would say nothing more. */
export function reasonOf(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (message === 'fetch failed' && cause) return reasonOf(cause);
  const inner = code ?? (cause as NodeJS.ErrnoException | undefined)?.code;
  const text = (message ?? String(error)).split('\n')[0] ?? '';
  return typeof inner === 'string' && !text.includes(inner) ? `${inner}${text ? `: ${text}` : ''}` : text;
}
