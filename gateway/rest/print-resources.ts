import type { TrustedOperation } from '#schema/trusted-operations.js';
import { apiSchema } from './api-schema.js';
import { describeInput, type Parameter } from './parameters.js';
import { resources } from './resources.js';

const HEAD = '| Resource | | Parameters | Runs |\n|---|---|---|---|\n';

/** Returns the table of resources in Markdown. Parameters that are required are bold. */
export function printResources(operations: ReadonlyMap<string, TrustedOperation>): string {
  const rows = resources.map((resource) => {
    const { method, path, summary, operation: name, status = 200 } = resource;
    const operation = operations.get(name);
    if (!operation) throw new Error(`There is no trusted operation ${name}`);
    const { parameters, periodOf } = describeInput(resource, operation.definition, apiSchema());
    const isBold = ({ isRequired, place }: Parameter) => isRequired && place[0] !== periodOf;
    const names = parameters
      .filter((parameter) => parameter.in !== 'path')
      .map((parameter) => (isBold(parameter) ? `**${parameter.name}**` : parameter.name));
    const given = [...names, ...(periodOf ? ['period'] : [])].join(', ');
    const what = status === 200 ? summary : `${summary} (${status})`;
    return `| \`${method} ${path}\` | ${what} | ${given} | \`${name}\` |\n`;
  });
  return HEAD + rows.join('');
}
