import type { Messages } from '#dashboard/text/en/index.ts';
import { account } from './account.ts';
import { apiKeys } from './api-keys.ts';
import { app } from './app.ts';
import { audit } from './audit.ts';
import { clients } from './clients.ts';
import { connections } from './connections.ts';
import { overview } from './overview.ts';
import { signIn } from './sign-in.ts';
import { team } from './team.ts';
import { webhooks } from './webhooks.ts';

export const messages: Messages = {
  account,
  apiKeys,
  app,
  audit,
  clients,
  connections,
  overview,
  signIn,
  team,
  webhooks,
};
