import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { waitFor } from '@assay/testing';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A phone, and 1280 pixels at 200 %. */
const WIDTHS = [360, 640];
/** Resolves once nothing on the page moves. */
const SETTLED =
  'Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => null)';
const SIZE = { width: 1280, height: 800 };

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe finds on the page as it is, in words; the debugger's door into the page knows no content policy. */
async function findViolations(page: Page): Promise<string[]> {
  const found = await page.evaluate<Violation[]>(
    `${axe}; axe.run(document).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}

/** What floats follows a new width a moment later. */
async function expectToFit(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ ...SIZE, width });
  await waitFor(
    `the page to fit into ${width} pixels`,
    () => page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
    5_000,
  );
}

/** Expects of a page, as it is now: nothing for axe in any scheme, and no scrolling sideways in any width. */
export async function expectToLookRight(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const contrast of ['no-preference', 'more'] as const) {
      await page.emulateMedia({ colorScheme, contrast });
      const scheme = contrast === 'more' ? 'more' : 'normal';
      await page.waitForSelector(`[data-mantine-color-scheme=${colorScheme}][data-contrast=${scheme}]`);
      // Colours that still move to another scheme's are no colours of either.
      await page.evaluate(SETTLED);
      const found = await findViolations(page);
      expect(found.map((violation) => `${colorScheme}, contrast ${contrast}: ${violation}`)).toEqual([]);
    }
  }
  for (const width of WIDTHS) await expectToFit(page, width);
  await page.setViewportSize(SIZE);
}
