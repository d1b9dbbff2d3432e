import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { projectRoot } from '#runtime/process/project-root.js';

/** A page, and what the browser said about it: refusals of the Content-Security-Policy, errors of scripts, failed requests. */
export interface WatchedPage {
  page: Page;
  messages: string[];
  /** Paths of the scripts that were loaded. */
  scripts: Set<string>;
}

/** What each page waits for to show: answers, scripts and fonts. */
const pending = new WeakMap<Page, Set<Request>>();
const isWaitedFor = (request: Request) =>
  ['script', 'font'].includes(request.resourceType()) || new URL(request.url()).pathname === '/graphql';

function watchRequests(page: Page): void {
  const requests = new Set<Request>();
  pending.set(page, requests);
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) requests.clear();
    if (isWaitedFor(request)) requests.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed'] as const)
    page.on(end as 'requestfinished', (request) => void requests.delete(request));
}

/** Opens a page in a browser profile of its own. */
export async function openWatchedPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', ...options });
  context.on('page', watchRequests);
  const page = await context.newPage();
  // A browser starts slowly beside other drills; the test's own limit ends what hangs.
  page.setDefaultTimeout(60_000);
  const watched: WatchedPage = { page, messages: [], scripts: new Set() };
  page.on('pageerror', ({ message }) => watched.messages.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) watched.messages.push(message.text());
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js')) watched.scripts.add(pathname);
  });
  return watched;
}

const CALM_FRAMES = 3;

/** Waits until a screen is there with everything it asks for: no string may be evaluated in the page, so frames are counted. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  const count = (selector: string) => page.locator(selector).count();
  const isBusy = async () =>
    (pending.get(page)?.size ?? 0) > 0 ||
    (await count('.skeleton')) > 0 ||
    (await count('.plot')) > (await count('.plot canvas'));
  // What has come is shown a frame later, and may ask for more then.
  for (let calmFrames = 0; calmFrames < CALM_FRAMES; ) {
    calmFrames = (await isBusy()) ? 0 : calmFrames + 1;
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
}

const axe = readFileSync(join(projectRoot, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** Returns the violations of accessibility rules, each with an element: `color-contrast: <span …>`. */
export async function violations(page: Page): Promise<string[]> {
  // Not as a script element, which the policy refuses.
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
}

/** Returns by how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
