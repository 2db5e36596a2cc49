import { publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { writeFiles } from '../e2e/journey.js';
import { type System, startSystem } from '../e2e/system.js';
import { type Invited, invite } from './candidate-system.js';
import { expectToLookRight } from './looks.js';
import { openBrowser, openPage } from './open-browser.js';

const TASK_ID = 'notes';

/** Every state of every page but the IDE: axe in both schemes and with more contrast, a phone, 200 %. */
describe('the candidates’ pages, to look at', () => {
  let system: System;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let invited: Invited;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({ withWorker: false }), openBrowser()]);
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  beforeEach(async () => {
    invited = await invite(system, {
      taskIds: [TASK_ID, 'crud-api'],
      role: 'Back-end engineer (Node.js and Express)',
    });
    ({ page, complaints } = await openPage(browser, { reducedMotion: 'reduce' }));
  });

  afterEach(() => page.context().close());

  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();

  /** Takes the page to the hub, with a client for what happens elsewhere. */
  async function enter() {
    await page.goto(invited.url);
    await press('Open my assessment');
    await heading('Before you start');
    return invited.elsewhere();
  }

  it('are right before the start', async () => {
    await page.goto(invited.url);
    await page.getByRole('heading', { name: 'What is graded' }).waitFor();
    await expectToLookRight(page);
    await press('Open my assessment');
    await heading('Before you start');
    await expectToLookRight(page);
    await press('I agree');
    await page.getByText('You have agreed to the rules').waitFor();
    await press('Ask for more time');
    await expectToLookRight(page);
    await page.getByRole('textbox').fill('Half as much time again.');
    await press('Send');
    await page.getByText('You have asked').waitFor();
    await expectToLookRight(page);
    await press(/^Start/);
    await page.getByRole('dialog').waitFor();
    await expectToLookRight(page);
    await page.keyboard.press('Escape');
    await press('Appearance');
    await page.getByRole('menu').waitFor();
    await expectToLookRight(page);
    expect(complaints).toEqual([]);
  });

  it('are right while the clock runs, and on a break', async () => {
    const elsewhere = await enter();
    const { id: attemptId } = await elsewhere.giveConsent({ body: { agreed: true } });
    await system.staff.setAccommodation({
      params: { attemptId },
      body: { multiplier: 1, breaks: 2, breakMinutes: 10, relaxedTelemetry: false },
    });
    await elsewhere.startAttempt();
    await heading('Your clock is running');
    await expectToLookRight(page);
    await press(/left$/);
    await page.getByText('It ends at').last().waitFor();
    await expectToLookRight(page);
    await page.keyboard.press('Escape');
    await press('Report a problem');
    await page.getByRole('dialog').waitFor();
    await expectToLookRight(page);
    await page.getByRole('textbox', { name: 'What is wrong?' }).fill('The brief says two things.');
    await press('Send');
    await page.getByText('Thank you, a person will read it').waitFor();
    await expectToLookRight(page);
    await press('Go on');
    await press(/^Take a break/);
    await heading('You are on a break');
    await expectToLookRight(page);
    expect(complaints).toEqual([]);
  });

  it('are right at the end, and for whoever is not logged in', async () => {
    const elsewhere = await enter();
    await elsewhere.giveConsent({ body: { agreed: true } });
    await elsewhere.startAttempt();
    await heading('Your clock is running');
    await writeFiles(elsewhere, TASK_ID, RIGHT_NOTES);
    for (const taskId of [TASK_ID, 'crud-api']) await elsewhere.submitTask({ params: { taskId } });
    await heading('Your work is in');
    await expectToLookRight(page);
    await press('Appeal');
    await expectToLookRight(page);
    await page.context().clearCookies();
    await page.reload();
    await heading('Open the link of your invitation');
    await expectToLookRight(page);
  });

  it('are right when one withdraws, and when the connection is away', async () => {
    await enter();
    await press('Withdraw from this assessment');
    await page.getByRole('dialog').waitFor();
    await expectToLookRight(page);
    await press('Withdraw');
    await heading('You have withdrawn');
    await expectToLookRight(page);
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await expectToLookRight(page);
  });
});
