import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type System, startSystem } from '../e2e/system.js';
import { openBrowser, openPage } from './open-browser.js';

describe('the plain pages', () => {
  let system: System;
  let browser: Browser;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('set an organisation up once, and then lead to the API', async () => {
    const secret = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(secret).digest('hex');
    await system.sql('INSERT INTO setup_link (token_hash) VALUES ($1)', hash);
    const fillIn = async (page: Page, email: string) => {
      await page.goto(new URL(`/setup#${secret}`, system.publicUrl).href);
      const values = { organisation: 'Acme', name: 'Olu', email, password: 'a long password' };
      for (const [name, value] of Object.entries(values)) await page.fill(`[name=${name}]`, value);
      await page.click('button');
    };
    const first = await openPage(browser);
    await fillIn(first.page, 'olu@acme.example');
    await first.page.waitForURL('**/docs');
    await first.page.waitForSelector('.opblock');
    expect(first.complaints).toEqual([]);

    const second = await openPage(browser);
    await fillIn(second.page, 'eve@acme.example');
    const alert = second.page.locator('[role=alert]', { hasText: /no longer valid/ });
    await alert.waitFor();
  });
});
