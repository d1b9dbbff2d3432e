import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, openBrowser } from '#ops/testing/open-browser.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { compareLayouts, comparePicture, isBrowserOfPictures } from './approved-looks.js';
import { type MockApi, startMockApi } from './mock/mock-api.js';
import { openMockedPage } from './mock/open-mocked-page.js';
import { screenPaths } from './screen-paths.js';
import { settled, type WatchedPage } from './watched-page.js';

const DESKTOP = { width: 1360, height: 900 };
const looks = {
  light: { viewport: DESKTOP },
  dark: { viewport: DESKTOP, theme: 'dark' },
  german: { viewport: DESKTOP, language: 'de' },
  narrow: { viewport: { width: 360, height: 740 } },
  mirrored: { viewport: DESKTOP, language: 'ar' },
} as const;
type Look = keyof typeof looks;

const dashboard = join(projectRoot, 'gateway', 'dashboard');
/** Whose pictures are compared, too: between them they have every kind of part. */
const pictured = ['overview', 'campaigns', 'connections', 'reports/Report-0', 'billing'];

const describeLayout = readFileSync(join(dashboard, 'e2e', 'page-layout.js'), 'utf8');
const nameOf = (screen: string) => screen.replaceAll('/', '-').toLowerCase();

describe('what the screens look like', () => {
  let browser: Browser;
  let api: MockApi;
  const pages = new Map<Look, WatchedPage>();

  beforeAll(async () => {
    if (!hasBrowser) throw new Error('Install chromium, or name it in CHROMIUM.');
    api = await startMockApi();
    browser = await openBrowser();
    for (const look of Object.keys(looks) as Look[]) pages.set(look, await openMockedPage(browser, api, looks[look]));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  // Approved by `npm run approve-looks`.
  it.each(screenPaths)('is what was approved (%s)', async (screen) => {
    const layouts: Record<string, string[]> = {};
    const differences: string[] = [];
    const hasPicture = pictured.includes(screen) && isBrowserOfPictures(browser.version());
    for (const [look, { page, messages }] of pages) {
      await page.goto(`${api.url}/app/${screen}`);
      await settled(page);
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      expect(messages).toEqual([]);
      const lines = (await page.evaluate(describeLayout)) as string[];
      // In the dark nothing is elsewhere: only colours are kept.
      layouts[look] = look === 'dark' ? coloursOf(lines) : lines;
      // German differs in its texts, which the layout has.
      if (hasPicture && look !== 'german')
        differences.push(...(await comparePicture(`${nameOf(screen)}-${look}`, await takePicture(page))));
    }
    expect([...compareLayouts(nameOf(screen), layouts), ...differences]).toEqual([]);
  });
});

/** Takes a picture of a screen without its frame, as far as a window shows it. */
async function takePicture(page: Page): Promise<Buffer> {
  const { x = 0, y = 0, width = 0 } = (await page.locator('main').boundingBox()) ?? {};
  const height = (page.viewportSize()?.height ?? 0) - y;
  return page.screenshot({ clip: { x, y, width, height } });
}

/** Returns each combination of an element and its colours once, as a part without a place. */
function coloursOf(lines: readonly string[]): string[] {
  const colours = lines.map((line) => {
    const [, tag, color, background] = /^(\S+) .* (\S+) (\S+) \S+$/.exec(line) ?? [];
    return `${tag} ${color} on ${background}`;
  });
  return [...new Set(colours)].sort();
}
