import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openWatchedPage, type WatchedPage } from '#gateway/dashboard/e2e/watched-page.js';
import type { MockApi } from './mock-api.js';
import { NOW } from './mock-values.js';

/** The same widths of letters on every machine. */
const FONTS = `
@font-face { font-family: Packaged; src: url(/fonts/Regular.ttf); font-weight: 400; }
@font-face { font-family: Packaged; src: url(/fonts/Bold.ttf); font-weight: 700; }
* { font-family: Packaged !important; animation: none !important; transition: none !important; caret-color: transparent !important; }`;

export interface MockedPageOptions extends BrowserContextOptions {
  theme?: 'light' | 'dark';
  language?: 'en' | 'de' | 'ar';
}

/** Opens a page of the mocked API: signed in, at its time, with fonts of a package. */
export async function openMockedPage(
  browser: Browser,
  { url }: MockApi,
  { theme = 'light', language = 'en', ...options }: MockedPageOptions = {},
): Promise<WatchedPage> {
  const watched = await openWatchedPage(browser, options);
  const { page } = watched;
  await page.clock.setFixedTime(NOW);
  const kept = {
    'webmetrics-preferences': JSON.stringify({ theme, language }),
    'webmetrics-session': JSON.stringify({ accessToken: 'mock', refreshToken: 'mock' }),
  };
  await page.addInitScript(
    `if (location.origin === ${JSON.stringify(url)}) Object.assign(localStorage, ${JSON.stringify(kept)})`,
  );
  await page.route(/\/app\/assets\/index-[^/]*\.css$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}${FONTS}` });
  });
  return watched;
}
