import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { button, openByDrag, row, rows } from './page.ts';

const [WIDTH, HEIGHT] = [48, 32];
const LINES = 300_000;

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A PNG of one colour. */
function png(): Buffer {
  const chunk = (type: string, contents: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), contents]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(contents.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = Buffer.alloc(HEIGHT * (1 + 3 * WIDTH), 0);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Ten seconds of silence, 8,000 samples a second. */
function wave(): Buffer {
  const header = Buffer.from('524946460000000057415645666d74201000000001000100401f0000803e0000020010006461746100000000', 'hex');
  const samples = Buffer.alloc(160_000);
  header.writeUInt32LE(36 + samples.length, 4);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

let folder = '';
let image = '';
let canary: ReturnType<typeof createServer>;
const asked: string[] = [];

test.beforeAll(async () => {
  canary = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('caught');
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const trap = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'isoscope-preview-'));
  const files: Readonly<Record<string, string | Buffer>> = {
    'hostile.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="fetch('${trap}/onload')"><script>document.title='owned';fetch('${trap}/script')</script><image href="${trap}/image"/><style>@import '${trap}/style';</style><rect width="40" height="30"/></svg>`,
    'page.html': `<!doctype html><script>document.title='owned';fetch('${trap}/html')</script><img src="${trap}/img"><meta http-equiv="refresh" content="0;url=${trap}/refresh">`,
    'picture.png': png(),
    'program.py': 'import sys\n"""A text\nof two lines."""\nprint("hi")\n',
    'sound.wav': wave(),
    'text.txt': Array.from({ length: LINES }, (_, line) => `This is line ${line + 1}, groß\n`).join(''),
    'western.txt': Buffer.from('Gr\xf6\xdfe und Ma\xdf f\xfcr die K\xfcche, sch\xf6ne \xc4pfel.\r\n'.repeat(40), 'latin1'),
    'zeros.bin': Buffer.alloc(5000, 7),
  };
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  image = `${folder}.iso`;
  execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-V', 'PREVIEW', '-o', image, folder], { stdio: 'ignore' });
});
test.afterAll(() => {
  canary.close();
  rmSync(folder, { recursive: true });
  rmSync(image);
});

async function opened(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await openByDrag(page, image);
  await expect(rows(page)).toHaveCount(8);
}

const pane = (page: Page) => page.getByRole('region', { name: 'Preview' });
const sheet = (page: Page) => page.getByRole('dialog');

/** Shows the file large, by keyboard. */
async function large(page: Page, name: string): Promise<void> {
  await row(page, name).click();
  await page.keyboard.press('Space');
  await expect(sheet(page).getByRole('heading', { name })).toBeVisible();
}

test('a picture is drawn beside the list, and arrows go on while it is large', async ({ page }) => {
  await opened(page);
  await row(page, 'picture.png').click();
  const picture = pane(page).getByRole('img', { name: 'Preview of picture.png' });
  await expect
    .poll(() => picture.evaluate((element: HTMLImageElement) => [element.naturalWidth, element.naturalHeight]))
    .toEqual([WIDTH, HEIGHT]);
  await expect(pane(page)).toContainText('48 × 32, PNG picture');
  await large(page, 'picture.png');
  await expect(sheet(page)).toContainText('3 of 8');
  await page.keyboard.press('ArrowDown');
  await expect(sheet(page).getByRole('region', { name: 'Text of program.py' })).toContainText('import sys');
  await page.keyboard.press('ArrowUp');
  await expect(sheet(page).getByRole('img', { name: 'Preview of picture.png' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(row(page, 'picture.png')).toBeFocused();
});

test('a text is highlighted by its language, line by line', async ({ page }) => {
  await opened(page);
  await large(page, 'program.py');
  const text = sheet(page).getByRole('region', { name: 'Text of program.py' });
  await expect(text.locator('.keyword', { hasText: 'import' })).toBeVisible();
  await expect(text.locator('.string')).toHaveText(['"""A text', 'of two lines."""', '"hi"']);
  await expect(sheet(page)).toContainText('4 lines');
});

test('a text of megabytes is shown by windows, numbered to its end, and searched', async ({ page }) => {
  await opened(page);
  await large(page, 'text.txt');
  const text = sheet(page).getByRole('region', { name: 'Text of text.txt' });
  await expect(text).toContainText('This is line 1, groß');
  await expect(sheet(page)).toContainText('300,000 lines');
  await text.focus();
  await page.keyboard.press('End');
  await expect(text).toContainText('This is line 300000, groß');
  await expect(text).toContainText('300,000');
  expect(await text.locator('.line').count()).toBeLessThan(100);
  await sheet(page).getByRole('textbox', { name: 'Text to find' }).fill('LINE 123456,');
  await page.keyboard.press('Enter');
  await expect(text.locator('.found')).toContainText('This is line 123456, groß');
});

test('a charset is guessed, and another can be chosen', async ({ page }) => {
  await opened(page);
  await row(page, 'western.txt').click();
  const text = pane(page).getByRole('region', { name: 'Text of western.txt' });
  await expect(text).toContainText('Größe und Maß für die Küche');
  await pane(page).getByRole('combobox', { name: 'Charset' }).selectOption('windows-1251');
  await expect(text).toContainText('GrцЯe');
});

test('sound plays from a slice, and seeks', async ({ page }) => {
  await opened(page);
  await row(page, 'sound.wav').click();
  const audio = pane(page).locator('audio');
  await expect.poll(() => audio.evaluate((element: HTMLAudioElement) => Math.round(element.duration))).toBe(10);
  const at = await audio.evaluate(async (element: HTMLAudioElement) => {
    element.currentTime = 7.5;
    await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
    return element.currentTime;
  });
  expect(at).toBeCloseTo(7.5, 1);
});

test('hostile SVG and HTML run nothing and reach nobody', async ({ page }) => {
  const said: string[] = [];
  page.on('dialog', (dialog) => void said.push(dialog.message()));
  await opened(page);
  const title = await page.title();
  await row(page, 'hostile.svg').click();
  const picture = pane(page).getByRole('img', { name: 'Preview of hostile.svg' });
  await expect.poll(() => picture.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(40);
  await button(page, 'Show as text').click();
  await expect(pane(page).getByRole('region', { name: 'Text of hostile.svg' })).toContainText('<script>');
  await large(page, 'page.html');
  await expect(sheet(page).getByRole('region', { name: 'Text of page.html' })).toContainText('<!doctype html>');
  await page.waitForTimeout(500);
  expect([await page.title(), said, asked, page.frames().length]).toEqual([title, [], [], 1]);
});

test('bytes are gone to by sector and offset, named, and agree with the file', async ({ page }) => {
  const file = readFileSync(image);
  await opened(page);
  await page.keyboard.press('Alt+3');
  const grid = page.getByRole('grid', { name: /^Bytes of/ });
  await expect(grid).toBeFocused();
  await page.keyboard.press('Control+g');
  await page.keyboard.type('#16');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Type', exact: true })).toBeVisible();
  const line = grid.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^0*8020$/ }) });
  const shown = await line.getByRole('gridcell').allInnerTexts();
  const stored = [...file.subarray(0x8020, 0x8030)].map((byte) => byte.toString(16).padStart(2, '0'));
  expect(shown.slice(0, 16)).toEqual(stored);
  await page
    .getByRole('table', { name: /^Fields of/ })
    .getByRole('button', { name: 'Volume', exact: true })
    .click();
  await expect(page.getByRole('contentinfo')).toContainText('32 bytes at 32,808, byte 40 of sector 16');
  await expect(page.getByRole('heading', { name: 'Volume', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Go to what Root directory points to' }).click();
  const root = file.readUInt32LE(16 * 2048 + 158);
  await expect(page.getByRole('contentinfo')).toContainText(`byte 0 of sector ${root}`);
  await page.keyboard.press('Alt+1');
  await expect(rows(page)).toHaveCount(8);
});

test('text and bytes are found where node finds them, forwards, backwards and round', async ({ page }) => {
  const file = readFileSync(image);
  await opened(page);
  await page.keyboard.press('Alt+3');
  await expect(page.getByRole('grid', { name: /^Bytes of/ })).toBeFocused();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('line 250000,');
  await page.keyboard.press('Enter');
  const status = page.getByRole('contentinfo');
  const comma = (at: number) => at.toLocaleString('en-US');
  await expect(status).toContainText(`12 bytes at ${comma(file.indexOf('line 250000,'))}`);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Begun again at the start.')).toBeVisible();
  await page.getByRole('button', { name: 'Hex', exact: true }).click();
  await page.getByRole('textbox', { name: 'Bytes to find, in hex' }).fill('89 50 4e 47');
  await page.keyboard.press('Shift+Enter');
  await expect(status).toContainText(`4 bytes at ${comma(file.indexOf(Buffer.from('89504e47', 'hex')))}`);
});

test('from where a file lies one goes to its bytes', async ({ page }) => {
  const file = readFileSync(image);
  await opened(page);
  await row(page, 'zeros.bin').click();
  await page
    .getByRole('complementary', { name: 'Details' })
    .getByRole('button', { name: /^sectors/ })
    .click();
  const at = file.indexOf(Buffer.alloc(5000, 7));
  await expect(page.getByRole('contentinfo')).toContainText(`5,000 bytes at ${at.toLocaleString('en-US')}`);
});

for (const [state, reach] of Object.entries<(page: Page) => Promise<void>>({
  'a preview in the pane': async (page) => {
    await row(page, 'program.py').click();
    await expect(pane(page).getByRole('region', { name: 'Text of program.py' })).toContainText('import');
  },
  'bytes as a preview': async (page) => {
    await row(page, 'zeros.bin').click();
    await expect(pane(page).getByRole('grid')).toContainText('07');
  },
  'the page Bytes': async (page) => {
    await page.keyboard.press('Alt+3');
    await expect(page.getByRole('grid', { name: /^Bytes of/ })).toBeVisible();
    await page.keyboard.press('Control+g');
    await page.keyboard.type('#16');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('table', { name: /^Fields of/ })).toBeVisible();
  },
  'a text shown large': (page) => large(page, 'program.py'),
})) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing: ${state}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await opened(page);
      // Few rows: what axe looks at takes its time, and all rows are alike.
      await page.setViewportSize({ width: 1440, height: 560 });
      await reach(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html.slice(0, 160))])).toEqual([]);
    });
  }
}
