import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startDemo } from '#gateway/e2e/start-demo.js';
import type { StartedProcess } from '#gateway/e2e/start-process.js';
import { hasBrowser, openBrowser } from '#ops/testing/open-browser.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { addresses } from './screens.js';
import { openWatchedPage, overflow, settled, violations, type WatchedPage } from './watched-page.js';

const DESKTOP = { width: 1360, height: 900 };
const looks = {
  light: { viewport: DESKTOP, theme: 'light', language: 'en' },
  dark: { viewport: DESKTOP, theme: 'dark', language: 'en' },
  german: { viewport: DESKTOP, theme: 'light', language: 'de' },
  narrow: { viewport: { width: 360, height: 740 }, theme: 'light', language: 'en' },
  mirrored: { viewport: DESKTOP, theme: 'dark', language: 'ar' },
} as const;
type Look = keyof typeof looks;

/** Of the scripts of a first view, as they are sent. */
const MAX_SCRIPT_BYTES = 210_000;
/** After which the dashboard loads what its first view does not need. */
const LATER_MS = 3_000;
/** Looked at by people. */
const screenshots = join(projectRoot, 'coverage', 'dashboard');

function compressedBytes(scripts: Iterable<string>): number {
  const assets = join(projectRoot, 'dist', 'gateway', 'dashboard', 'page', 'assets');
  const bytesOf = (name: string) =>
    statSync(join(assets, `${name}.gz`), { throwIfNoEntry: false })?.size ?? statSync(join(assets, name)).size;
  return [...scripts].reduce((sum, path) => sum + bytesOf(basename(path)), 0);
}

describe('the dashboard of the demo', () => {
  let browser: Browser;
  let gateway: StartedProcess;
  let url: string;

  beforeAll(async () => {
    if (!hasBrowser) throw new Error('Install chromium, or name it in CHROMIUM.');
    mkdirSync(screenshots, { recursive: true });
    ({ gateway, url } = await startDemo());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  async function open(look: Look): Promise<WatchedPage> {
    const { viewport, theme, language } = looks[look];
    const watched = await openWatchedPage(browser, { viewport });
    const preferences = JSON.stringify({ theme, language });
    await watched.page.addInitScript(`localStorage.setItem('webmetrics-preferences', ${JSON.stringify(preferences)})`);
    return watched;
  }

  async function signIn({ page }: WatchedPage): Promise<void> {
    await page.goto(url);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/app\/overview/);
    await settled(page);
  }

  async function check({ page, messages }: WatchedPage, name: string): Promise<void> {
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
    expect({ name, messages, overflow: await overflow(page), violations: await violations(page) }).toEqual({
      name,
      messages: [],
      overflow: 0,
      violations: [],
    });
  }

  it.each(Object.keys(looks) as Look[])('is right in every screen (%s)', async (look) => {
    const watched = await open(look);
    const { page } = watched;
    for (const view of ['sign-in', 'sign-up', 'forgotten']) {
      await page.goto(`${url}/app/sign-in?view=${view}`);
      await settled(page);
      await check(watched, `${view}-${look}`);
    }
    await signIn(watched);
    for (const address of addresses) {
      await page.goto(`${url}/app/${address}`);
      await settled(page);
      await check(watched, `${address.replaceAll(/[^a-z0-9]+/gi, '-')}-${look}`);
    }
    await page.context().close();
  });

  it('loads few bytes of scripts before it shows figures', async () => {
    const watched = await open('light');
    await signIn(watched);
    // What is loaded some time after the first view is no part of it, however long that takes.
    await watched.page.addInitScript(
      `const { setTimeout } = window;
       window.setTimeout = (run, ms, ...more) => (ms >= ${LATER_MS} ? 0 : setTimeout(run, ms, ...more));`,
    );
    await watched.page.reload();
    watched.scripts.clear();
    await watched.page.reload();
    await settled(watched.page);
    const bytes = compressedBytes(watched.scripts);
    process.stdout.write(`Scripts of the overview: ${bytes} bytes, compressed\n`);
    expect(bytes).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
    await watched.page.context().close();
  });

  it('keeps its question in the address, over reloads and in the history', async () => {
    const { page } = await open('light').then(async (watched) => {
      await signIn(watched);
      return watched;
    });
    await page.getByRole('button', { name: /^Period: Last 30 days/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.waitForURL(/period=last_7d/);
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: /^Period: Last 7 days/ }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: /^Period: Last 30 days/ }).waitFor();
    await page.context().close();
  });

  it('asks to sign in again over the page when the session ended elsewhere, and signs out in all tabs', async () => {
    const watched = await open('light');
    await signIn(watched);
    const { page } = watched;
    const other = await page.context().newPage();
    await other.goto(`${url}/app/overview`);
    await settled(other);
    await other.getByRole('button', { name: /^Account/ }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.waitForURL(/\/app\/sign-in/);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await settled(page);
    expect(page.url()).toContain('/app/overview');
    await page.context().close();
  });
});
