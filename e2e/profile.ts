import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, test as base, type Page } from '@playwright/test';
import { findChromium } from '../.ci/judges.mjs';
import { inFolder } from './judges.ts';
import { CHROMIUM_ARGUMENTS } from './playwright.config.ts';

/** A browser with a profile on the disk: the origin's private file system is as large there as the disk allows. */
export const test = base.extend<{ profile: string; page: Page }>({
  profile: async ({}, use) => inFolder((folder) => use(folder)),
  page: async ({ profile, baseURL, viewport }, use) => {
    const executablePath = findChromium();
    const context = await chromium.launchPersistentContext(profile, {
      args: CHROMIUM_ARGUMENTS,
      ...(baseURL ? { baseURL } : {}),
      viewport,
      acceptDownloads: true,
      ...(executablePath ? { executablePath } : {}),
    });
    await use(context.pages()[0] ?? (await context.newPage()));
    await context.close();
  },
});

/** The largest file of a profile's private file systems: what was saved last, as it lies on the disk. */
export function privateFile(profile: string): string {
  const root = join(profile, 'Default', 'File System');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return paths.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
}
