import type { GraphQLSchema } from 'graphql';
import { type Resource, resourceTags } from '#gateway/rest/resource.js';
import type { TrustedOperation } from '#schema/trusted-operations.js';
import type { PermissionWalk } from '#subgraphs/permission-matrix/permission-walk.js';
import { AnswerSchemas } from './answer-schemas.js';
import { describeComponents } from './components.js';
import { addResource } from './describe-resource.js';
import { describedPaths } from './described-paths.js';
import { describeWebhooks } from './described-webhooks.js';
import type { Method, OpenApiDocument, PathItem } from './document.js';
import { InputSchemas } from './input-schemas.js';

/** What the API consists of. */
export interface ApiParts {
  version: string;
  schema: GraphQLSchema;
  resources: readonly Resource[];
  operations: ReadonlyMap<string, TrustedOperation>;
  permissions: PermissionWalk;
}

const TAGS: Record<(typeof resourceTags)[number] | 'operations', string> = {
  authentication: 'Sign-up, sign-in, sessions, and the account of a user.',
  organization: 'The organization, its members and API keys, and its audit log.',
  connections: 'Providers, connections, their accounts, and clients.',
  figures: 'Campaigns, searches, events, posts and places, with their figures.',
  budgets: 'Budgets of months and their pace, alert rules and alerts.',
  reports: 'Generated reports, and their rows and files.',
  billing: 'Plans and the subscription.',
  webhooks: 'Events sent to addresses of the organization.',
  operations: 'The condition of the installation.',
};

const DESCRIPTION = `Marketing figures of every connected provider, and what belongs to them. Each resource is an operation of the GraphQL API at
\`/graphql\`, with the same rights, limits and error codes; there, an operation can ask for exactly what it needs.`;

/** Returns the description of the REST resources: the same parts give the same text. */
export function describeApi({ version, schema, resources, operations, permissions }: ApiParts): OpenApiDocument {
  const inputs = new InputSchemas();
  const answers = new AnswerSchemas(inputs);
  const describing = { schema, permissions, inputs, answers };
  const added = resources.map((resource) => {
    const operation = operations.get(resource.operation);
    if (!operation) throw new Error(`There is no trusted operation ${resource.operation}.`);
    return { resource, describe: addResource(describing, resource, operation) };
  });
  const { named, schemaOf } = answers.finish();
  const paths: Record<string, PathItem> = {};
  for (const { resource, describe } of added) {
    const method = resource.method.toLowerCase() as Method;
    paths[resource.path] = { ...paths[resource.path], [method]: describe(schemaOf) };
  }
  const schemas = Object.fromEntries([...inputs.named(), ...named]);
  for (const [path, item] of Object.entries(describedPaths)) paths[path] = { ...paths[path], ...item };
  return {
    openapi: '3.1.0',
    info: {
      title: 'WebMetrics',
      version,
      summary: 'Marketing analytics behind one API.',
      description: DESCRIPTION,
      contact: { name: 'The operator of this installation' },
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: '/' }],
    tags: [...resourceTags, 'operations' as const].map((name) => ({ name, description: TAGS[name] })),
    paths,
    webhooks: describeWebhooks(),
    components: describeComponents(schema, schemas, paths),
  };
}
