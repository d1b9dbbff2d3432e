import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

// biome-ignore lint/style/noProcessEnv: as the other services of the tests, from the environment or where Debian has it
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether there is Chromium: `CHROMIUM`, or Debian's package. */
export const hasBrowser = existsSync(executablePath);

/** Opens headless Chromium, which resolves no name but those of this machine: no test depends on other hosts. */
export function openBrowser(): Promise<Browser> {
  const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
  // Its sandbox does not work for root, as which containers run tests.
  return chromium.launch({ executablePath, args: ['--no-sandbox', offline] });
}
