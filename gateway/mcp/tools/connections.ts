import { z } from 'zod';
import { clientId, page, providers } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:connections'] as const;

/** Tools about connections and what they open. */
export const connectionTools = [
  defineTool({
    name: 'list_connections',
    title: 'Connections',
    description:
      'The connections of the organization to advertising and analytics providers: their status, faults, quota and accounts.',
    scopes,
    input: z.strictObject(page),
    operation: 'ListConnections',
    answer: 'organization.connections',
    rows: 'data',
    asksProviders: false,
    variables: () => ({}),
  }),
  defineTool({
    name: 'find_connection_problems',
    title: 'Problems of connections',
    description:
      'What is wrong with connections and accounts, who can fix it, and how: the counts of connections by state, each connection with its fault, and the accounts with a fault of their own.',
    scopes,
    input: z.strictObject({}),
    operation: 'FindConnectionProblems',
    answer: 'organization',
    asksProviders: false,
    variables: () => ({}),
  }),
  defineTool({
    name: 'list_accounts',
    title: 'Accounts',
    description:
      'The provider accounts of the organization, by name: ids for other tools, provider, currency, time zone, status, fault.',
    scopes,
    input: z.strictObject({
      providers,
      clientId,
      hasFault: z.boolean().describe('Only accounts with a fault, or only those without.').optional(),
      ...page,
    }),
    operation: 'ListAccounts',
    answer: 'organization.accounts',
    rows: 'data',
    asksProviders: false,
    variables: ({ clientId: client, providers: at, hasFault }) => ({
      providers: at,
      clientIds: client && [client],
      hasFault,
    }),
  }),
  defineTool({
    name: 'list_clients',
    title: 'Clients',
    description: "The clients of the organization (an agency's customers) by name, with their accounts.",
    scopes,
    input: z.strictObject(page),
    operation: 'ListClients',
    answer: 'organization.clients',
    rows: 'data',
    asksProviders: false,
    variables: ({ limit, after }) => ({ first: limit, after }),
  }),
  defineTool({
    name: 'search',
    title: 'Find by name or id',
    description:
      'Clients, accounts and campaigns by words of their name or by an id, here or at the provider, the best match first. notSearched lists accounts whose campaigns are not known yet. Ids of what is found are for other tools.',
    scopes: ['read:campaigns'],
    input: z.strictObject({
      text: z.string().min(1).max(200).describe('Words of a name, or an id such as 123-456-7890 or act_42.'),
      kinds: z
        .array(z.enum(['client', 'account', 'campaign']))
        .min(1)
        .max(3)
        .default(['client', 'account', 'campaign'])
        .describe('What is searched.'),
      ...page,
    }),
    operation: 'Search',
    answer: 'organization.search',
    rows: 'data',
    asksProviders: false,
    variables: ({ text, kinds, limit, after }) => ({
      text,
      kinds: kinds?.map((kind) => kind.toUpperCase()),
      first: limit,
      after,
    }),
  }),
];
