import type { Role } from './identity.js';

/** The scopes of API keys. A rule admits a key only if it names one of the key's scopes. */
export const apiKeyScopes = [
  { name: 'read:organization', description: 'The people of the organization: names, addresses and roles.' },
  { name: 'read:connections', description: 'Providers, connections, their accounts, and clients.' },
  { name: 'read:campaigns', description: 'Campaigns and their figures, with the accounts they belong to.' },
  { name: 'read:analytics', description: 'Figures that belong to no campaign: searches, events, posts, places.' },
  { name: 'read:reports', description: 'Reports with their rows and files, and what reports can be generated.' },
  { name: 'read:billing', description: 'What the organization has subscribed to.' },
  { name: 'read:webhooks', description: 'Webhook endpoints and the log of their deliveries.' },
  { name: 'write:clients', description: 'Creating, changing, archiving and deleting clients.' },
  { name: 'write:budgets', description: 'Setting and removing budgets.' },
  { name: 'write:alerts', description: 'Managing alert rules; acknowledging and muting alerts.' },
  { name: 'write:annotations', description: 'Writing notes on days, and changing and deleting its own.' },
  { name: 'write:reports', description: 'Ordering reports; creating and revoking their share links.' },
  {
    name: 'write:webhooks',
    description: 'Managing webhook endpoints, for types of events that its other scopes open.',
  },
] as const;

export type ApiKeyScope = (typeof apiKeyScopes)[number]['name'];

/** Whether a text names a scope. */
export function isApiKeyScope(text: string): text is ApiKeyScope {
  return apiKeyScopes.some(({ name }) => name === text);
}

/** Returns the role that a key with these scopes acts with: never more than they need. */
export function roleOfScopes(scopes: readonly string[]): Role {
  return scopes.filter(isApiKeyScope).every(isReadScope) ? 'VIEWER' : 'ANALYST';
}

/** Whether a scope only allows reading. */
export function isReadScope(scope: ApiKeyScope): boolean {
  return scope.startsWith('read:');
}
