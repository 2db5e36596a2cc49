import { readFile } from 'node:fs/promises';
import { publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { writeFiles } from '../e2e/journey.js';
import { type System, startSystem } from '../e2e/system.js';
import { type Invited, invite } from './candidate-system.js';
import { pressByKey, tabTo } from './keyboard.js';
import { openBrowser, openPage } from './open-browser.js';

const TASK_ID = 'notes';
const ROLE = 'Engineer <b>R&D</b> <img src="/x" onerror="document.title = 1">';

describe('the candidates’ pages', () => {
  let system: System;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem(), openBrowser()]);
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  async function open(...options: Parameters<typeof openPage>) {
    const opened = await openPage(...options);
    contexts.push(opened.page.context());
    return opened;
  }

  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  /** A page on which the invitation was accepted. */
  async function accept(page: Page, { url }: Invited) {
    await page.goto(url);
    await page.getByRole('button', { name: 'Open my assessment' }).click();
    await heading(page, 'Before you start');
  }

  it('lead by keyboard alone from the invitation to the receipt, and nothing is asked of or refused by anybody', async () => {
    const invited = await invite(system, { taskIds: [TASK_ID], role: ROLE });
    const { page, complaints } = await open(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));

    await page.goto(invited.url);
    await heading(page, / invites you$/);
    // What people wrote is text.
    expect(await page.textContent('main')).toContain(ROLE);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.textContent('main')).toMatch(/45 minutes.*What is graded.*What is recorded/s);
    await pressByKey(page, 'Open my assessment');

    await heading(page, 'Before you start');
    const secret = new URL(invited.url).pathname.split('/').at(-1) ?? '';
    expect(page.url()).toBe(`${system.candidateUrl}/attempt`);
    await pressByKey(page, 'I agree');
    await pressByKey(page, 'Open the practice task');
    await page.waitForURL('**/attempt/practice');
    await page.goBack();
    await heading(page, 'Before you start');

    await pressByKey(page, 'Ask for more time');
    await page.keyboard.type('Half as much time again.');
    await pressByKey(page, 'Send');
    await page.getByText('You have asked').waitFor();
    const [request] = (await system.staff.listAttemptRequests({ query: { kind: 'extra_time' } })).items;
    await system.staff.setAccommodation({
      params: { attemptId: request?.attemptId ?? '' },
      body: { multiplier: 2, breaks: 1, breakMinutes: 10, relaxedTelemetry: false },
    });
    // Without a reload.
    await page.getByText('You have 1 hour 30 minutes in all').waitFor();

    await pressByKey(page, /^Start/);
    await page.getByRole('dialog', { name: 'Start the clock?' }).waitFor();
    await tabTo(page, 'Start the clock');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/attempt/ide');

    // Until the IDE submits by itself: from elsewhere, which the page follows.
    const elsewhere = await invited.elsewhere();
    await writeFiles(elsewhere, TASK_ID, RIGHT_NOTES);
    const receipt = await elsewhere.submitTask({ params: { taskId: TASK_ID } });
    await page.waitForURL('**/attempt/done');
    await heading(page, 'Your work is in');
    expect(await page.textContent('main')).toContain(receipt.sha256);
    expect(await page.textContent('main')).toContain(receipt.id);
    await page.getByText('Graded', { exact: true }).waitFor();

    await pressByKey(page, 'Appeal');
    await page.keyboard.type('Please look at the third check again.');
    await pressByKey(page, 'Send');
    await page.getByText('You will have an answer by').waitFor();
    const download = page.waitForEvent('download');
    await pressByKey(page, /^My code/);
    const zip = await download;
    expect(zip.suggestedFilename()).toBe(`${TASK_ID}.zip`);
    // Read to its end before the page is left: what is still under way keeps a browser from closing.
    expect((await readFile(await zip.path())).subarray(0, 2).toString()).toBe('PK');

    // No address that this page ever had from then on holds the secret, the one that "back" leads to included.
    for (let back = 0; back < 4; back++) {
      await page.goBack().catch(() => undefined);
      expect(page.url()).not.toContain(secret);
    }
    expect(new Set(asked)).toEqual(new Set([system.candidateUrl]));
    expect(complaints).toEqual([]);
  });

  it('say in words, without any script, that a link is no longer valid', async () => {
    const invited = await invite(system, { taskIds: [TASK_ID] });
    await system.staff.revokeInvitation({ params: { invitationId: invited.invitationId } });
    const expired = await invite(system, { taskIds: [TASK_ID] });
    await system.sql(
      `UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = $1`,
      expired.invitationId,
    );
    const { page } = await open(browser, { javaScriptEnabled: false });
    for (const { url } of [invited, expired]) {
      expect((await page.goto(url))?.status()).toBe(410);
      expect(await page.textContent('h1')).toBe('This link is no longer valid');
    }
  });

  it('show that the connection is away and that nothing is lost, until it is back', async () => {
    const { page } = await open(browser);
    await accept(page, await invite(system, { taskIds: [TASK_ID] }));
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.context().setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
    await system.assessmentApi.kill();
    await page.getByText('Assay cannot be reached').waitFor();
    await system.assessmentApi.start();
    await page.getByText('Assay cannot be reached').waitFor({ state: 'detached' });
  });

  it('freeze the clock and hide the task on a break, and say so', async () => {
    const invited = await invite(system, { taskIds: [TASK_ID] });
    const { page } = await open(browser);
    await accept(page, invited);
    const elsewhere = await invited.elsewhere();
    const { id: attemptId } = await elsewhere.giveConsent({ body: { agreed: true } });
    await system.staff.setAccommodation({
      params: { attemptId },
      body: { multiplier: 1, breaks: 1, breakMinutes: 10, relaxedTelemetry: false },
    });
    await elsewhere.startAttempt();
    await heading(page, 'Your clock is running');
    await pressByKey(page, /^Take a break/);
    await heading(page, 'You are on a break');
    await page.getByText(/Paused, 45 min left/).waitFor();
    await page.goto(new URL('/attempt/ide', system.candidateUrl).href);
    await heading(page, 'You are on a break');
    await pressByKey(page, /^I am back/);
    await page.getByRole('heading', { name: 'You are on a break' }).waitFor({ state: 'detached' });
  });

  it('take a withdrawal back', async () => {
    const { page } = await open(browser);
    await accept(page, await invite(system, { taskIds: [TASK_ID] }));
    await pressByKey(page, 'Withdraw from this assessment');
    await pressByKey(page, 'Withdraw');
    await heading(page, 'You have withdrawn');
    await pressByKey(page, 'Take it back');
    await heading(page, 'Before you start');
  });
});
