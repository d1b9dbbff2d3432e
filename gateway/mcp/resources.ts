import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { type GraphQLSchema, isIntrospectionType, isObjectType, printType } from 'graphql';
import { printErrorCodes } from '#runtime/error-codes.js';
import { NotFound } from '#runtime/errors.js';
import { readManual } from '#schema/read-manual.js';

const MARKDOWN = 'text/markdown';
const MANUAL = 'webmetrics://manual/';
const GLOSSARY = 'webmetrics://glossary';

/** Returns the types of the schema that results are made of, without those that only pages and answers of mutations need. */
function termsOf(schema: GraphQLSchema): string[] {
  const isTerm = /^(?!Query$|Mutation$)(?!.*(Payload|Edge|PageInfo)$)/;
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && isTerm.test(type.name))
    .map(({ name }) => name)
    .sort();
}

function printGlossary(schema: GraphQLSchema): string {
  const lines = termsOf(schema).map((name) => {
    const description = schema.getType(name)?.description ?? '';
    return `- ${name}: ${description.replaceAll('\n', ' ')}`;
  });
  return `# Glossary\n\nRead ${GLOSSARY}/{term} for the fields of one of these.\n\n${lines.join('\n')}\n`;
}

function printTerm(schema: GraphQLSchema, term: string): string {
  const type = termsOf(schema).includes(term) ? schema.getType(term) : undefined;
  if (!type) throw new NotFound('term');
  if (!isObjectType(type)) return `# ${term}\n\n\`\`\`graphql\n${printType(type)}\n\`\`\`\n`;
  const fields = Object.values(type.getFields()).map(
    ({ name, type: of, description }) => `- \`${name}: ${String(of)}\`: ${(description ?? '').replaceAll('\n', ' ')}`,
  );
  return `# ${term}\n\n${type.description ?? ''}\n\n${fields.join('\n')}\n`;
}

const contents = (uri: URL, text: string) => ({ contents: [{ uri: uri.href, mimeType: MARKDOWN, text }] });

/** Adds the glossary of the schema, the user's manual and the error codes to a server: the same for every caller. */
export function addResources(server: McpServer, schema: GraphQLSchema): void {
  server.registerResource(
    'glossary',
    GLOSSARY,
    { title: 'Glossary', description: 'What the terms in the answers mean.', mimeType: MARKDOWN },
    (uri) => contents(uri, printGlossary(schema)),
  );
  server.registerResource(
    'term',
    new ResourceTemplate(`${GLOSSARY}/{term}`, {
      list: undefined,
      complete: { term: (start) => termsOf(schema).filter((name) => name.startsWith(start)) },
    }),
    { title: 'Term', description: 'One term with its fields, for example CampaignMetrics.', mimeType: MARKDOWN },
    (uri, { term }) => contents(uri, printTerm(schema, String(term))),
  );
  server.registerResource(
    'error-codes',
    'webmetrics://error-codes',
    { title: 'Error codes', description: 'Every error code, and what to do about it.', mimeType: MARKDOWN },
    (uri) => contents(uri, printErrorCodes()),
  );
  for (const page of readManual()) {
    const { title, text } = page;
    const name = page.name.toLowerCase();
    server.registerResource(
      `manual-${name}`,
      `${MANUAL}${name}`,
      { title: `Manual: ${title}`, mimeType: MARKDOWN },
      (uri) => contents(uri, text),
    );
  }
}
