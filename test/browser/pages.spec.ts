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

  const ROLE = 'Engineer <b>R&D</b> <img src="/x" onerror="document.title = 1">';

  async function invite(): Promise<string> {
    const { staff } = system;
    const role = await staff.createRole({
      body: { title: ROLE, targetLevel: 'mid', competencies: { rest: 1 } },
    });
    const params = { roleId: role.id };
    const candidate = { name: 'Kim', email: 'kim@mail.example' };
    const { id: candidacyId } = await staff.addCandidate({ params, body: candidate });
    const assessment = await staff.createAssessment({
      body: { name: 'A', minutes: 45, taskIds: ['crud-api'] },
    });
    const body = { candidacyId, assessmentId: assessment.id };
    return (await staff.createInvitation({ params, body })).url;
  }

  it('lead from an invitation to the assessment by keyboard, and no address holds the secret then', async () => {
    const url = await invite();
    const { page, complaints } = await openPage(browser);
    await page.goto(url);
    expect(await page.textContent('main')).toContain(ROLE);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/attempt');
    await page.waitForSelector('#facts dd');
    expect(await page.textContent('#state')).toContain(ROLE);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.textContent('main')).toMatch(/Not started.*45 minutes/s);
    expect(page.url()).not.toContain(new URL(url).pathname.split('/').at(-1));
    expect(complaints).toEqual([]);
  });

  it('say in words that a link is no longer valid', async () => {
    const { page } = await openPage(browser);
    await page.goto(new URL(`/a/${randomBytes(32).toString('base64url')}`, system.candidateUrl).href);
    expect(await page.textContent('h1')).toBe('This link is no longer valid');
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
