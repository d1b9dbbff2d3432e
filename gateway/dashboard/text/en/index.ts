import { app } from './app.ts';
import { overview } from './overview.ts';
import { signIn } from './sign-in.ts';

/** Every message in English, by the screen that shows it; `app` has what all share. The other languages have the same keys. */
export const messages = { app, overview, signIn };
export type Messages = typeof messages;
