import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { mailedToken } from '#gateway/demo/mailed-token.js';
import { databaseRows } from '#gateway/e2e/database-rows.js';
import { everyTransport, type OpenTransport, openTransport } from '#gateway/e2e/open-transport.js';
import { eventually } from '#ops/testing/eventually.js';
import { hasBrowser, openBrowser } from '#ops/testing/open-browser.js';
import { describeSteps } from './describe-steps.js';
import { openWatchedPage, settled, type WatchedPage } from './watched-page.js';

const PASSWORD = 'correct horse battery staple';
const SQUARE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="#1a4fd6"/></svg>';

describe.each(everyTransport)('accounts, an organization and its reports in the dashboard (%s)', (transport) => {
  let browser: Browser;
  let product: OpenTransport;
  let owner: WatchedPage;
  let member: WatchedPage;

  beforeAll(async () => {
    if (!hasBrowser) throw new Error('Install chromium, or name it in CHROMIUM.');
    product = await openTransport(transport);
    browser = await openBrowser();
    owner = await openWatchedPage(browser);
    member = await openWatchedPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  const step = describeSteps();

  const open = async (page: Page, address: string) => {
    await page.goto(`${product.url}/app/${address}`);
    await settled(page);
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const dialogOf = (page: Page) => page.locator('.dialog');
  const closed = (page: Page) => dialogOf(page).waitFor({ state: 'detached' });
  const signIn = async (page: Page, email: string, code?: string) => {
    await page.waitForURL(/\/app\/sign-in/);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Sign in');
    if (code) {
      await page.getByLabel('Code').fill(code);
      await press(page, 'Verify');
    }
    await page.waitForURL(/\/app\/overview/);
  };

  /** Turns two-factor sign-in on, and returns the recovery codes. */
  async function setUpTwoFactor(page: Page): Promise<string[]> {
    await press(page, 'Turn on');
    const dialog = dialogOf(page);
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await press(page, 'Continue');
    // The code has what the link has, which a phone opens itself.
    await dialog.getByRole('img', { name: 'QR code of the secret' }).waitFor();
    const address = new URL((await dialog.getByRole('link').getAttribute('href')) ?? '');
    expect(address.href).toMatch(/^otpauth:\/\/totp\/WebMetrics:/);
    const secret = address.searchParams.get('secret') ?? '';
    expect((await dialog.locator('code').textContent())?.replaceAll(' ', '')).toBe(secret);
    await dialog.getByRole('textbox', { name: 'Code' }).fill(new TOTP({ secret }).generate());
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByText('shown only once').waitFor();
    const codes = (await dialog.locator('code').textContent())?.split('\n') ?? [];
    expect(codes).toHaveLength(10);
    await page.keyboard.press('Escape');
    await closed(page);
    return codes;
  }

  let ownersCodes: string[];
  step(
    'an owner sets up two-factor sign-in by a QR code, renews the recovery codes, and requires it of all',
    async () => {
      const { page } = owner;
      await page.goto(`${product.url}/app/sign-in?view=sign-up`);
      await page.getByLabel('Your name').fill('Ada');
      await page.getByLabel('Company').fill('Engines');
      await page.getByLabel('Email').fill('ada@example.com');
      await page.getByLabel('Password').fill(PASSWORD);
      await press(page, 'Create account');
      await page.waitForURL(/\/app\/overview/);
      await databaseRows(product, 'UPDATE auth.person SET email_verified_at = now()');
      await open(page, 'account?tab=security');
      const [firstCode = ''] = await setUpTwoFactor(page);
      await page.getByText('10 recovery codes are left.').waitFor();
      await press(page, 'New recovery codes');
      const dialog = dialogOf(page);
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByLabel(/^Code/).fill(firstCode);
      await dialog.getByRole('button', { name: 'New recovery codes' }).click();
      await dialog.getByText('shown only once').waitFor();
      const saving = page.waitForEvent('download');
      await press(page, 'Save as a file');
      expect((await saving).suggestedFilename()).toBe('webmetrics-recovery-codes.txt');
      ownersCodes = (await dialog.locator('code').textContent())?.split('\n') ?? [];
      expect(ownersCodes).not.toContain(firstCode);
      await open(page, 'organization');
      await press(page, 'Require two-factor sign-in: Turn on');
      await page.getByRole('button', { name: 'Require two-factor sign-in: Turn off' }).waitFor();
    },
  );

  let membersCodes: string[];
  step('a member accepts an invitation, and is led to the second factor before anything else', async () => {
    await open(owner.page, 'team');
    await press(owner.page, 'Invite someone');
    await dialogOf(owner.page).getByLabel('Email').fill('grace@example.com');
    await press(owner.page, 'Send the invitation');
    await closed(owner.page);
    const folders = [product.base, ...product.served].map(({ config }) => config.dataDir);
    let token: string | undefined;
    await eventually('the invitation is mailed', async () => {
      const found = folders.map((folder) => mailedToken(folder, 'grace@example.com', 'accept-invitation'));
      token = (await Promise.all(found)).find((each) => each !== undefined);
      return token !== undefined;
    });
    const { page } = member;
    await page.goto(`${product.url}/accept-invitation?token=${token}`);
    await page.getByLabel('Your name').fill('Grace');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button').click();
    await page.getByText('Log in to WebMetrics as grace@example.com').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, 'grace@example.com');
    await page.getByRole('link', { name: 'Set it up' }).click();
    await page.waitForURL(/tab=security/);
    membersCodes = await setUpTwoFactor(page);
    await page.getByRole('link', { name: 'Set it up' }).waitFor({ state: 'detached' });
    // A gateway that shares no cache with the subgraph of accounts knows it within seconds.
    await eventually('everything is open', async () => {
      await open(page, 'team');
      return (await page.getByRole('row', { name: /grace@example\.com/ }).count()) === 1;
    });
  });

  step('she leaves the organization, and deletes her account', async () => {
    const { page } = member;
    await open(page, 'account');
    await page.getByText('An account can be deleted once').waitFor();
    await page.getByRole('button', { name: 'Actions for Engines' }).click();
    await page.getByRole('menuitem', { name: 'Leave' }).click();
    await press(page, 'Leave');
    await signIn(page, 'grace@example.com', membersCodes[0]);
    await page.getByText('You belong to no organization yet.').waitFor();
    await page.getByRole('link', { name: 'Create one' }).click();
    await press(page, 'Delete account');
    const dialog = dialogOf(page);
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    await dialog.getByLabel(/^Code/).fill(membersCodes[1] ?? '');
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    await page.waitForURL(/\/app\/sign-in/);
    expect(await databaseRows(product, 'SELECT email FROM auth.person')).toEqual([{ email: 'ada@example.com' }]);
  });

  step('a template is copied, changed and previewed', async () => {
    const { page } = owner;
    await open(page, 'reports/templates/new?from=account-summary');
    await page.getByLabel('Name', { exact: true }).fill('Ours');
    await press(page, 'Add a section');
    await page.getByRole('combobox', { name: 'What it shows' }).last().click();
    await page.getByRole('option', { name: 'A text' }).click();
    await press(page, 'Save');
    await page.getByText('text: must be given for TEXT').waitFor();
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('With thanks.');
    await press(page, 'Preview');
    await page.getByRole('region', { name: 'Preview' }).getByText('With thanks.').waitFor();
    await press(page, 'Save');
    await page.waitForURL(/tab=templates/);
    await page.getByRole('row', { name: /^Ours/ }).waitFor();
  });

  step('a schedule is made of it, changed, and gets a further recipient', async () => {
    const { page } = owner;
    await open(page, 'reports?tab=schedules');
    await press(page, 'New schedule');
    const dialog = dialogOf(page);
    await dialog.getByRole('combobox', { name: 'Template' }).click();
    await page.getByRole('option', { name: 'Ours' }).click();
    await dialog.getByLabel('Recipients').fill('ada@example.com');
    await press(page, 'Create the schedule');
    await closed(page);
    const choose = async (action: string) => {
      await page.getByRole('button', { name: /^Actions for Ours/ }).click();
      await page.getByRole('menuitem', { name: action }).click();
    };
    await choose('Change');
    await dialog.getByRole('combobox', { name: 'How often' }).click();
    await page.getByRole('option', { name: 'Every quarter' }).click();
    await dialog.getByRole('combobox', { name: 'On day' }).click();
    await page.getByRole('option', { name: '15', exact: true }).click();
    await press(page, 'Save');
    await closed(page);
    await page.getByRole('row', { name: /day 15/ }).waitFor();
    await choose('Recipients');
    await dialog.getByLabel('Further address').fill('boss@example.com');
    await press(page, 'Add');
    await dialog.getByText('boss@example.com').waitFor();
    await press(page, 'Remove ada@example.com');
    await press(page, 'Remove recipient');
    // The last one stays.
    await page.getByRole('button', { name: 'Remove boss@example.com' }).waitFor({ state: 'detached' });
    await dialog.getByText('boss@example.com').waitFor();
    await page.keyboard.press('Escape');
    const [schedule] = await databaseRows(product, 'SELECT recurrence FROM reporting.report_schedule');
    expect(schedule.recurrence).toMatchObject({ every: 'QUARTERLY', day: 15 });
  });

  step('reports get a look and a logo', async () => {
    const { page } = owner;
    await open(page, 'organization?tab=branding');
    await page.getByLabel('Line at the foot of each page').fill('Confidential');
    const file = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(SQUARE) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('img', { name: 'Logo' }).waitFor();
    await page.getByLabel('First colour').fill('#ffee00');
    await press(page, 'Save');
    await page.getByText('must have a contrast of 4.5:1 with white').waitFor();
    await page.getByLabel('First colour').fill('#222222');
    await press(page, 'Save');
    await page.getByText('Saved').waitFor();
    const rows = await databaseRows(product, 'SELECT footer, primary_color FROM reporting.branding');
    expect(rows).toEqual([{ footer: 'Confidential', primary_color: '#222222' }]);
  });

  step('the organization is to be deleted, which every screen says, and stays after all', async () => {
    const { page } = owner;
    await open(page, 'organization');
    await press(page, 'Delete the organization');
    const dialog = dialogOf(page);
    await dialog.getByLabel('Its name, to confirm').fill('Engines');
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Delete the organization' }).click();
    await dialog.getByLabel(/^Code/).fill(ownersCodes[0] ?? '');
    await dialog.getByRole('button', { name: 'Delete the organization' }).click();
    await closed(page);
    await open(page, 'clients');
    await page.getByRole('link', { name: 'Look at it' }).click();
    await press(page, 'Keep the organization');
    await page.getByRole('button', { name: 'Delete the organization' }).waitFor();
    expect(await databaseRows(product, 'SELECT deletion_at FROM auth.organization')).toEqual([{ deletion_at: null }]);
    // Refusals are answers, which the browser reports as failed resources.
    const unexpected = [...owner.messages, ...member.messages].filter(
      (text) => !/the server responded with a status of (?:400|401|403)/.test(text),
    );
    expect(unexpected).toEqual([]);
  });
});
