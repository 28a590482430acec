// Draws public/icons from the mark in public/icon.svg (npm run icons).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { root } from './install.mjs';
import { findChromium } from './judges.mjs';

const BLUE = '#17467c';
const LIGHT = '#fbfaf8';
/** Parts of the edge: the mark's size, the tile's corners. A mask may take all but the inner 80 % of a maskable icon. */
const ICONS = [
  { name: 'icon-192', edge: 192, mark: 0.68, corner: 0.22 },
  { name: 'icon-512', edge: 512, mark: 0.68, corner: 0.22 },
  { name: 'maskable-512', edge: 512, mark: 0.54, corner: 0 },
];

const [mark] = /<circle.*(?=<\/svg>)/s.exec(readFileSync(join(root, 'public/icon.svg'), 'utf8')) ?? [];
if (!mark) throw new Error('public/icon.svg has no mark');
const executablePath = findChromium();
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
for (const { name, edge, mark: part, corner } of ICONS) {
  const page = await browser.newPage({ viewport: { width: edge, height: edge } });
  const at = (18 - 18 * part) / 2;
  await page.setContent(
    `<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18" width="${edge}" height="${edge}" style="display:block">
      <rect width="18" height="18" rx="${18 * corner}" fill="${BLUE}"/>
      <g transform="translate(${at} ${at}) scale(${part})" fill="none" stroke="${LIGHT}" stroke-linecap="round">${mark}</g></svg>`,
  );
  await page.screenshot({ path: join(root, `public/icons/${name}.png`), omitBackground: true });
}
await browser.close();
