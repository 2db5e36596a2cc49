import { publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { submitFiles } from '../e2e/journey.js';
import { type System, startSystem } from '../e2e/system.js';
import { openBrowser, openPage } from './open-browser.js';

const TASK_ID = 'notes';

describe('the owners’ board of queues', () => {
  let system: System;
  let browser: Browser;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem(), openBrowser()]);
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('shows an owner what waits, from nowhere else and with nothing that its policy refuses', async () => {
    await system.worker.stop();
    await submitFiles(system, TASK_ID, RIGHT_NOTES);
    const { page, complaints } = await openPage(browser);
    const asked: string[] = [];
    const refused: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
    await page.goto(new URL('/docs', system.publicUrl).href);
    await page.evaluate(async (login) => {
      const headers = { 'content-type': 'application/json' };
      await fetch('/v1/session', { method: 'POST', headers, body: JSON.stringify(login) });
    }, system.login);
    asked.length = 0;
    await page.goto(new URL('/queues', system.publicUrl).href);
    await page.getByText('grading', { exact: true }).first().waitFor();
    await page.goto(new URL('/queues/queue/grading', system.publicUrl).href);
    await page.getByText('grading.grade').first().waitFor();
    expect(
      asked.filter((url) => !url.startsWith(`${system.publicUrl}/queues`) && !url.startsWith('data:')),
    ).toEqual([]);
    expect(refused).toEqual([]);
    expect(complaints).toEqual([]);
    // Nothing on it could change a job.
    expect(await page.getByRole('button', { name: /retry|clean|promote|pause|empty|add/i }).count()).toBe(0);
  });

  it('is not shown to anybody else', async () => {
    const { page } = await openPage(browser);
    expect((await page.goto(new URL('/queues/', system.publicUrl).href))?.status()).toBe(401);
  });
});
