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
];
