import type { Messages } from '#dashboard/text/en/index.ts';
import { app } from './app.ts';
import { overview } from './overview.ts';
import { signIn } from './sign-in.ts';

export const messages: Messages = { app, overview, signIn };
