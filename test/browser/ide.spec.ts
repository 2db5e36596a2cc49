import { publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { CandidateClient } from '../e2e/journey.js';
import { type System, startSystem } from '../e2e/system.js';
import { invite } from './candidate-system.js';
import { pressByKey, tabTo } from './keyboard.js';
import { expectToLookRight } from './looks.js';
import { openBrowser, openPage } from './open-browser.js';

const TASK_ID = 'notes';
/** Waits for a sandbox, on a machine with much else to do. */
const STARTED_WITHIN_MS = 40_000;
const WIDE = { viewport: { width: 1280, height: 800 } };
const SERVER = RIGHT_NOTES.find(({ path }) => path === 'server.js')?.content ?? '';

describe('the IDE', () => {
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

  /** A candidate whose clock runs, in the IDE; `another` opens it in a browser of its own, too. */
  async function begin() {
    const invited = await invite(system, { taskIds: [TASK_ID], minutes: 60 });
    const candidate = await invited.elsewhere();
    await candidate.giveConsent({ body: { agreed: true } });
    await candidate.startAttempt();
    const another = async () => {
      const opened = await openPage(browser, WIDE);
      contexts.push(opened.page.context());
      await opened.page.goto(invited.url);
      await opened.page.getByRole('button', { name: 'Open my assessment' }).click();
      await opened.page.waitForURL('**/attempt');
      await opened.page.goto(new URL('/attempt/ide', system.candidateUrl).href);
      await editorOf(opened.page).waitFor();
      await untilSaved(opened.page);
      return opened;
    };
    return { candidate, another, ...(await another()) };
  }

  const editorOf = (page: Page) => page.locator('.cm-content');
  const saveState = (page: Page, words: RegExp) =>
    page.locator('[data-save-state]').filter({ hasText: words }).waitFor();
  const untilSaved = (page: Page) => saveState(page, /^Saved/);
  const typeAtEnd = async (page: Page, text: string) => {
    await editorOf(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(text);
  };
  const contentOf = async (candidate: CandidateClient, path: string) =>
    (await candidate.getTask({ params: { taskId: TASK_ID } })).files.find((file) => file.path === path)
      ?.content;
  /**
   * Puts text in the place of all that is in the editor. Deleted first: what is typed over something coloured Chromium
   * would style inline, which the policy refuses and says so.
   */
  const replaceAll = async (page: Page, text: string) => {
    await editorOf(page).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  };
  const shown = (page: Page) =>
    page.locator('nav[aria-label="Open files"] [aria-current=true]').textContent();

  it('is worked in by keyboard alone: type, saved, run, ask, check, submit', async () => {
    const { page, candidate, complaints } = await begin();
    const path = String(await shown(page));
    await replaceAll(page, SERVER);
    await untilSaved(page);
    expect(await contentOf(candidate, path)).toBe(SERVER);

    await page.keyboard.press('Control+S');
    await page.getByText('nothing is submitted').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('your server accepts requests').first().waitFor({ timeout: STARTED_WITHIN_MS });

    await page.keyboard.press('Control+Alt+4');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'Path');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('/notes');
    await page.keyboard.press('Enter');
    await page.locator('section[aria-label=Answer]').getByText('200').waitFor();

    await page.keyboard.press('Control+Shift+Enter');
    await page
      .getByText(/sample checks passed/)
      .first()
      .waitFor({ timeout: STARTED_WITHIN_MS });

    await page.keyboard.press('Control+Alt+3');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest(".cm-editor") === null')).toBe(true);
    await pressByKey(page, 'Submit…');
    await page.getByRole('dialog').waitFor();
    await pressByKey(page, 'Submit for good');
    await page.waitForURL('**/attempt/done');
    expect((await candidate.getAttempt()).tasks[0]?.submission).not.toBeNull();
    expect(complaints).toEqual([]);
  }, 180_000);

  it('merges what is typed in two browsers', async () => {
    const { page: one, candidate, another } = await begin();
    const { page: two } = await another();
    const path = String(await shown(one));
    await Promise.all([typeAtEnd(one, '\n// one'), replaceAll(two, '// two\n')]);
    await typeAtEnd(one, '\n// three');
    await Promise.all([untilSaved(one), untilSaved(two)]);
    await two.getByText('// three').waitFor();
    await one.getByText('// two').waitFor();
    expect(await editorOf(one).textContent()).toBe(await editorOf(two).textContent());
    expect(await contentOf(candidate, path)).toContain('// two');
  });

  it('keeps what is typed without a network, counts it, and brings it back with it', async () => {
    const { page, candidate } = await begin();
    const path = String(await shown(page));
    await page.context().setOffline(true);
    await typeAtEnd(page, '// 42');
    await saveState(page, /Offline · 5 edits queued/);
    await page.keyboard.press('Control+Enter');
    await page.getByText('not with us yet').first().waitFor();
    await page.context().setOffline(false);
    await untilSaved(page);
    expect(await contentOf(candidate, path)).toContain('// 42');
  });

  it('loses nothing when the server is killed while somebody types', async () => {
    const { page, candidate } = await begin();
    const path = String(await shown(page));
    const typing = typeAtEnd(page, `\n// ${'0123456789'.repeat(8)}`);
    await system.assessmentApi.kill();
    await typing;
    await system.assessmentApi.start();
    await untilSaved(page);
    expect(await contentOf(candidate, path)).toContain('0123456789'.repeat(8));
  });

  it('makes, renames and deletes files by keyboard, with a way back, and says why a name is refused', async () => {
    const { page, candidate } = await begin();
    await tabTo(page, 'New file');
    await page.keyboard.press('Enter');
    await page.keyboard.type('../x.js');
    await page.keyboard.press('Enter');
    await page.getByText(/A path has up to 200 plain characters/).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('lib/x.js');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement.matches('.cm-content')`);
    await page.keyboard.type('export const x = 1;');
    await page.keyboard.press('Control+Alt+2');
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('lib/y.js');
    await page.keyboard.press('Enter');
    await page.getByText('lib/x.js is now lib/y.js').waitFor();
    await untilSaved(page);
    expect(await contentOf(candidate, 'lib/y.js')).toBe('export const x = 1;');

    await page.getByRole('treeitem', { name: 'y.js' }).focus();
    await page.keyboard.press('Delete');
    await page.getByText('lib/y.js is deleted').waitFor();
    await untilSaved(page);
    expect(await contentOf(candidate, 'lib/y.js')).toBeUndefined();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('treeitem', { name: 'y.js' }).waitFor();
    await untilSaved(page);
    expect(await contentOf(candidate, 'lib/y.js')).toBe('export const x = 1;');
  });

  it('refuses a paste of 10 MB and an archive that is none in a sentence, and nothing is lost', async () => {
    const { page, candidate } = await begin();
    const path = String(await shown(page));
    const before = await contentOf(candidate, path);
    await editorOf(page).focus();
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'x'.repeat(10_000_000));
      const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('.cm-content').dispatchEvent(paste);
    })()`);
    await page.getByText('holds more than 256 KiB').waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: 'project.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('no archive at all'),
    });
    await page.getByText(/^project\.zip: /).waitFor();
    await untilSaved(page);
    expect(await contentOf(candidate, path)).toBe(before);
  });

  it('completes, and underlines what cannot be right', async () => {
    const { page, complaints } = await begin();
    await replaceAll(page, "import express from 'express';\nexpress.");
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete').getByText('json', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await replaceAll(page, 'consol.log(1);');
    await page.locator('.cm-lintRange-error').getByText('consol').waitFor();
    await replaceAll(page, 'console.log(1);');
    await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  }, 120_000);

  it('lets every shortcut be looked up, and looks right in every scheme', async () => {
    const { page, complaints } = await begin();
    await page.keyboard.press('F1');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Run the sample checks').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectToLookRight(page);
    expect(complaints).toEqual([]);
  }, 120_000);
});
