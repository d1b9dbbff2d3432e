import { Eta } from 'eta/core';

const eta = new Eta();

/** Compiles an HTML template: `<%= it.name %>` inserts a value, escaped for text and quoted attributes. */
export function htmlTemplate<Data extends object>(source: string): (data: Data) => string {
  const compiled = eta.compile(source);
  return (data) => eta.render(compiled, data);
}
