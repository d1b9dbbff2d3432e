import type { Messages } from '#dashboard/text/en/index.ts';
import { account } from './account.ts';
import { alerts } from './alerts.ts';
import { analytics } from './analytics.ts';
import { apiKeys } from './api-keys.ts';
import { app } from './app.ts';
import { audit } from './audit.ts';
import { billing } from './billing.ts';
import { budgets } from './budgets.ts';
import { campaigns } from './campaigns.ts';
import { clients } from './clients.ts';
import { connections } from './connections.ts';
import { figures } from './figures.ts';
import { measures } from './measures.ts';
import { organization } from './organization.ts';
import { overview } from './overview.ts';
import { places } from './places.ts';
import { posts } from './posts.ts';
import { queries } from './queries.ts';
import { reports } from './reports.ts';
import { signIn } from './sign-in.ts';
import { status } from './status.ts';
import { team } from './team.ts';
import { template } from './template.ts';
import { webhooks } from './webhooks.ts';

export const messages: Messages = {
  account,
  alerts,
  analytics,
  apiKeys,
  app,
  audit,
  billing,
  budgets,
  campaigns,
  clients,
  connections,
  figures,
  measures,
  organization,
  overview,
  places,
  posts,
  queries,
  reports,
  signIn,
  status,
  team,
  template,
  webhooks,
};
