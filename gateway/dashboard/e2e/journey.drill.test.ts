import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { databaseRows } from '#gateway/e2e/database-rows.js';
import { everyTransport, type OpenTransport, openTransport, type Transport } from '#gateway/e2e/open-transport.js';
import { newFolder } from '#gateway/e2e/start-process.js';
import { hasBrowser, openBrowser } from '#ops/testing/open-browser.js';
import { describeSteps } from './describe-steps.js';
import { openWatchedPage, settled, type WatchedPage } from './watched-page.js';

const PASSWORD = 'correct horse battery staple';

/** Over HTTP the gateway runs known operations only, as production may: what the page sends is in the manifest of its build. */
function settingsOf(transport: Transport): Record<string, string> {
  if (transport === 'in-process') return {};
  const folder = join(newFolder(), 'documents');
  mkdirSync(folder);
  const body = 'query Plans { plans { id } }';
  const operations = [{ id: 'plans', name: 'Plans', type: 'query', body }];
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, client: 'other', operations };
  writeFileSync(join(folder, 'other.json'), JSON.stringify(manifest));
  return { TRUSTED_DOCUMENTS: folder, TRUSTED_DOCUMENTS_MODE: 'require' };
}

describe.each(everyTransport)('the way of a new customer through the dashboard (%s)', (transport) => {
  let browser: Browser;
  let product: OpenTransport;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    if (!hasBrowser) throw new Error('Install chromium, or name it in CHROMIUM.');
    product = await openTransport(transport, settingsOf(transport));
    browser = await openBrowser();
    watched = await openWatchedPage(browser);
    ({ page } = watched);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  const step = describeSteps();

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const open = async (screen: string) => {
    await page.getByRole('navigation').getByRole('link', { name: screen }).click();
    await page.getByRole('heading', { name: screen, level: 1 }).waitFor();
    await settled(page);
  };

  step('signs up, and sees the problem of each field that is refused', async () => {
    await page.goto(`${product.url}/app/team`);
    // Where the address was going is kept.
    await page.waitForURL(/sign-in\?to=/);
    await button('Create an account').click();
    await field('Your name').fill('Ada <b>Lovelace</b>');
    await field('Company').fill('Analytical Engines');
    await field('Email').fill('ada@example.com');
    await field('Password').fill('short');
    await button('Create account').click();
    await page.locator('.field-problem').first().waitFor();
    expect(await field('Company').inputValue()).toBe('Analytical Engines');
    await field('Password').fill(PASSWORD);
    await button('Create account').dblclick();
    await page.waitForURL(/\/app\/team/);
    await settled(page);
    expect(await page.locator('tbody th').textContent()).toContain('Ada <b>Lovelace</b>');
  });

  step('sees what to do while nothing is connected', async () => {
    await open('Overview');
    await page.getByText('No figures in these days').waitFor();
  });

  step('connects a provider through its consent page, and comes back to figures', async () => {
    await open('Connections');
    await button('Connect').first().click();
    await page
      .locator('.dialog')
      .getByRole('button', { name: /^Google Ads/ })
      .click();
    await page.getByLabel(/Nora Lind/).check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(/\/app\/connections$/);
    await settled(page);
    await open('Overview');
    await page.locator('.tile').first().waitFor();
    await open('Campaigns');
    await page.getByRole('row').nth(1).waitFor();
  });

  step('invites someone', async () => {
    await databaseRows(product, 'UPDATE auth.person SET email_verified_at = now()');
    await open('Team');
    await button('Invite someone').click();
    const dialog = page.getByRole('dialog', { name: 'Invite someone' });
    await dialog.getByLabel('Email').fill('no address');
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.locator('.field-problem').waitFor();
    await dialog.getByLabel('Email').fill('grace@example.com');
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /grace@example\.com/ }).waitFor();
  });

  step('creates an API key, whose secret is shown once and works', async () => {
    await open('API keys');
    await button('Create a key').click();
    // Notices are dialogs, too.
    const dialog = page.locator('.dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Spreadsheet');
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    await dialog.locator('.field-problem').waitFor();
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    const secret = await dialog.locator('code').textContent();
    const { status } = await fetch(`${product.url}/api/performance?period=last_7d`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(status).toBe(200);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Spreadsheet/ }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  step('finds all of it in the audit trail', async () => {
    await open('Audit trail');
    await button('api-key.created').first().click();
    await page.getByRole('dialog', { name: 'api-key.created' }).getByText('Spreadsheet').waitFor();
    await page.keyboard.press('Escape');
  });

  step('makes a report, watches it being made, and downloads its files', async () => {
    await open('Reports');
    await button('New report').first().click();
    const dialog = page.locator('.dialog');
    await dialog.getByText('Template').waitFor();
    await dialog.getByRole('button', { name: 'Make the report' }).dblclick();
    await page.waitForURL(/\/app\/reports\/[^?]+/);
    for (const [format, beginning] of [
      ['PDF', '%PDF'],
      ['XLSX', 'PK'],
    ] as const) {
      const downloading = page.waitForEvent('download');
      await button(`Download as ${format}`).click();
      const file = readFileSync(await (await downloading).path());
      expect(file.subarray(0, beginning.length).toString('latin1')).toBe(beginning);
    }
    expect(await databaseRows(product, 'SELECT status FROM reporting.report')).toEqual([{ status: 'READY' }]);
  });

  step('schedules it', async () => {
    await button('Schedule').click();
    await page.locator('.dialog').getByLabel('Recipients').fill('boss@example.com');
    await button('Create the schedule').click();
    await page.locator('.dialog').waitFor({ state: 'detached' });
    await page.goto(`${product.url}/app/reports?tab=schedules`);
    await page
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .waitFor();
  });

  step('buys a plan at the checkout of the payment provider, and comes back', async () => {
    await open('Billing');
    await button('Choose Pro').click();
    await page.getByLabel('Card number').fill('4242 4242 4242 4242');
    for (const [label, value] of [
      ['Expires', '12 / 34'],
      ['Security code', '123'],
      ['Name on the card', 'Ada'],
      ['Country', 'DE'],
      ['Postal code', '10115'],
    ] as const) {
      await page.getByLabel(label).fill(value);
    }
    await page.getByRole('button', { name: 'Start trial' }).click();
    await page.waitForURL(/\/app\/billing\?checkout=done/);
    await page.getByText('Next payment').waitFor();
  });

  step('dismisses the thanks, cancels the subscription and takes that back', async () => {
    await page.locator('.checkout-note').getByRole('button', { name: 'Close' }).click();
    await page.waitForURL(/\/app\/billing$/);
    await button('Cancel').click();
    await button('Cancel Pro').click();
    await button('Do not cancel').click();
    await button('Cancel').waitFor();
    expect(await databaseRows(product, 'SELECT cancel_at FROM billing.subscription')).toEqual([{ cancel_at: null }]);
  });

  step('has a campaign watched, pauses the rule, and removes it once asked', async () => {
    await open('Alerts');
    await page.getByRole('tab', { name: 'Rules' }).click();
    await button('Add a rule').click();
    const dialog = page.locator('.dialog');
    await dialog.getByRole('combobox', { name: 'Watches' }).click();
    await page.getByRole('option', { name: 'Some campaigns' }).click();
    await dialog.getByRole('group', { name: 'Campaigns' }).getByRole('checkbox').first().waitFor();
    await dialog.getByRole('button', { name: 'Add a rule' }).click();
    await dialog.getByText('Choose at least one.').waitFor();
    await dialog.getByRole('group', { name: 'Campaigns' }).getByRole('checkbox').first().check();
    await dialog.getByRole('button', { name: 'Add a rule' }).dblclick();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Spends too fast/ });
    await row.getByText('1 campaign', { exact: true }).waitFor();
    expect(await row.count()).toBe(1);
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await row.getByText('Paused', { exact: true }).waitFor();
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await dialog.getByText('Its alerts are removed, too.').waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nothing is watched yet').waitFor();
  });

  step('sets a budget for campaigns, and takes back its removal', async () => {
    await open('Budgets');
    await button('Set a budget').click();
    const dialog = page.locator('.dialog');
    await dialog.getByRole('combobox', { name: 'What for' }).click();
    await page.getByRole('option', { name: 'Some campaigns' }).click();
    const campaigns = dialog.getByRole('group', { name: 'Campaigns' }).getByRole('checkbox');
    await campaigns.nth(0).check();
    await campaigns.nth(1).check();
    await dialog.getByRole('textbox', { name: /^Amount/ }).fill('900');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row', { name: /2 campaigns/ });
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    await button('Undo').click();
    await row.waitFor();
  });

  step('keeps what was entered when the session ends in the middle of a form', async () => {
    await open('Team');
    await button('Invite someone').click();
    const dialog = page.getByRole('dialog', { name: 'Invite someone' });
    await dialog.getByLabel('Email').fill('alan@example.com');
    await page.evaluate(`fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'client-name': 'webmetrics-dashboard',
        authorization: 'Bearer ' + JSON.parse(localStorage.getItem('webmetrics-session')).accessToken,
      },
      body: JSON.stringify({ query: ${JSON.stringify('mutation LogOutEverywhere {\n  logOutEverywhere\n}\n')} }),
    }).then((response) => response.json())`);
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('Email').fill('ada@example.com');
    await again.getByLabel('Password').fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Email').inputValue()).toBe('alan@example.com');
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /alan@example\.com/ }).waitFor();
  });

  step('signs out, and the way back leads to the sign-in', async () => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/app\/sign-in/);
    await page.goto(`${product.url}/app/team`);
    await page.waitForURL(/\/app\/sign-in\?to=/);
    // Refusals are answers, which the browser reports as failed resources.
    const unexpected = watched.messages.filter(
      (text) => !/the server responded with a status of (?:400|401|403)/.test(text),
    );
    expect(unexpected).toEqual([]);
  });
});
