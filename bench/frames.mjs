// How smooth the page is while a million entries are scrolled, walked and searched, beside an empty page that scrolls.
import { drop } from './browser.mjs';

const STEPS = 120;
const WAIT = 600_000;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame'];
/** A page that does nothing but scroll. */
const EMPTY = 'data:text/html,<title>empty</title><div style="height:9000000px">';
/** A frame at 60 a second, in ms. */
const FRAME = 1000 / 60;

/** Every step of an input at the pace of frames: what comes faster than they do would be joined to one. */
async function paced(step) {
  for (let at = 0; at < STEPS; at++) {
    const begun = performance.now();
    await step(at);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, FRAME - (performance.now() - begun))));
  }
}

const wheel = (x, y) => async (page) => {
  await page.mouse.move(x, y);
  await paced(() => page.mouse.wheel(0, 600));
};
const keys = (key) => (page) => paced(() => page.keyboard.press(key));

/** What is done, and what has to be there before. */
const SCENES = [
  {
    what: 'the list of 500,000 files, by the wheel',
    prepare: async (page) => {
      await page.getByRole('row', { name: /^LIST/ }).dblclick();
      await page.getByRole('row', { name: /^F0000000/ }).waitFor({ timeout: WAIT });
    },
    act: wheel(700, 450),
  },
  {
    what: 'the list, by the keyboard',
    prepare: (page) => page.getByRole('row').nth(3).click(),
    act: keys('PageDown'),
  },
  {
    what: 'the tree of 5,000 directories, by the wheel',
    prepare: async (page) => {
      await page.getByRole('treeitem', { name: /^TREE/ }).click();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('treeitem', { name: /^D0000/ }).waitFor({ timeout: WAIT });
    },
    act: wheel(120, 450),
  },
  {
    what: 'the tree, by the keyboard',
    prepare: (page) => page.getByRole('treeitem', { name: /^D\d+/ }).nth(3).click(),
    act: keys('ArrowDown'),
  },
  {
    what: 'the search of 1,000,000 names, as one types',
    prepare: async (page) => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('0');
      await page.getByText(/\d found/).waitFor({ timeout: WAIT });
    },
    act: (page) => paced((at) => (at % 10 < 5 ? page.keyboard.press(String(at % 10)) : page.keyboard.press('Backspace'))),
  },
  {
    what: 'what the search found, by the wheel',
    prepare: (page) => page.waitForTimeout(2000),
    act: wheel(700, 450),
  },
];

/** Trace an action: frames that were drawn and dropped, the longest task of the page's own thread, in ms that it worked. */
async function traced(page, act) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', { traceConfig: { includedCategories: CATEGORIES }, transferMode: 'ReportEvents' });
  await act(page);
  await session.send('Tracing.end');
  await ended;
  await session.detach();
  return summed(events, await page.evaluate(() => location.href));
}

function summed(events, href) {
  // Of all processes the one that draws this page: it says its address when the trace begins.
  const frames = events.filter(({ name }) => name === 'TracingStartedInBrowser').flatMap(({ args }) => args.data?.frames ?? []);
  const pid = frames.find(({ url }) => url === href)?.processId ?? frames[0]?.processId;
  const main = events.find(({ name, args, pid: of }) => name === 'thread_name' && args.name === 'CrRendererMain' && of === pid)?.tid;
  const own = events.filter((event) => event.pid === pid);
  const tasks = own
    .filter(({ name, tid, ph }) => tid === main && ph === 'X' && name === 'RunTask')
    .map(({ dur, tdur = dur }) => tdur / 1000);
  const count = (name) => own.filter((event) => event.name === name).length;
  return {
    drawn: count('DrawFrame'),
    dropped: count('DroppedFrame'),
    longest: Math.max(0, ...tasks),
    over: tasks.filter((ms) => ms > FRAME).length,
  };
}

/** Measure every scene and the same input on an empty page that scrolls: [{what, page, empty}], medians of `runs`. */
export async function measureFrames(browser, address, image, runs) {
  const found = SCENES.map(({ what }) => ({ what, page: [], empty: [] }));
  for (let run = 0; run < runs; run++) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await drop(page, image);
    await page.getByRole('row', { name: /^LIST/ }).waitFor({ timeout: WAIT });
    // All directories have been read when the count of files stands.
    await page
      .getByText(/1,000,000 files/)
      .first()
      .waitFor({ timeout: WAIT });
    const empty = await browser.newPage();
    await empty.goto(EMPTY);
    for (const [at, { prepare, act }] of SCENES.entries()) {
      await page.bringToFront();
      await prepare(page);
      await page.waitForTimeout(500);
      found[at].page.push(await traced(page, act));
      await empty.bringToFront();
      found[at].empty.push(await traced(empty, act));
    }
    await page.close();
    await empty.close();
  }
  return found.map(({ what, page, empty }) => ({ what, page: middle(page), empty: middle(empty) }));
}

function middle(all) {
  const of = (key) => all.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return { drawn: of('drawn'), dropped: of('dropped'), longest: of('longest'), over: of('over') };
}
