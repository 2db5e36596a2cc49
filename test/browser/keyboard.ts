import type { Page } from 'playwright-core';

const MOST_TABS = 60;

/** The accessible name of what has the focus, near enough: its label, or its text. */
const focusedName = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const focused = document.activeElement;
    const label = focused?.getAttribute('aria-label') ?? focused?.labels?.[0]?.textContent ?? focused?.textContent ?? '';
    return label.trim();
  })()`);

/** Presses Tab until what is called `name` has the focus; throws when nothing in the page's order is. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < MOST_TABS; i++) {
    const focused = await focusedName(page);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    passed.push(focused.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}, but to ${JSON.stringify([...new Set(passed)])}`);
}

/** Goes to a control by Tab and presses it by Enter. */
export async function pressByKey(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}
