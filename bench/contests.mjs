// What is measured: who runs against whom on which image, and which ratios are held to which target
// (the targets of the issue "the whole way", section "Speed and memory").
import { directories } from './inputs.mjs';
import { growth } from './memory.mjs';
import { listing } from './native.mjs';

const MIB = 1024 * 1024;
const ENTRIES = 105_050;
const ONE_FILE = 600_000_000;
const ONE_FILE_NAME = 'BIG.BIN';
/** Reads allowed besides those of the directories: descriptors, path table, what was cut. */
const READS_MORE = 4;

const native = (tool) => (bench) => listing(tool, bench.image);
const inPage = (contender, input) => (bench) => bench.browser.run(contender, input);

/** A contender whose result must hold so much of something, else it is wrong and so failed. */
const holding = (key, least, run) => async (bench) => {
  const outcome = await run(bench);
  if (outcome[key] < least) throw new Error(`wrong: ${outcome[key].toLocaleString('en')} of ${least.toLocaleString('en')} ${key}`);
  return outcome;
};

const head = (bench) => ({ head: directories(bench.image).end });

/** A save into a Blob, then its download: both together. */
const savedAndDownloaded = (contender) => async (bench) => {
  const { ms } = await bench.browser.run(contender);
  const download = await bench.browser.download('downloadSaved');
  return { ms: ms + download.ms, save: ms, download: download.ms };
};

const listings = (least) => ({
  isoscope: holding('entries', least, inPage('list')),
  'parsing alone': holding('entries', least, (bench) => bench.browser.run('parse', head(bench))),
  'a bare loop': (bench) => bench.browser.run('bare', head(bench)),
  'counted reads': holding('entries', least, inPage('parse', { head: 0 })),
  isoinfo: native('isoinfo'),
  '7zz': native('7zz'),
  bsdtar: native('bsdtar'),
  '7z-wasm': holding('entries', least, inPage('sevenZipList')),
});

const onScreen = (text) => ({
  isoscope: (bench) => bench.browser.dropUntil(`${bench.product}/`, bench.image, text),
  'empty page': (bench) => bench.browser.dropUntil(`${bench.page}/empty.html`, bench.image, bench.name),
});

const screenTargets = [
  {
    what: 'beyond an empty page',
    of: 'isoscope',
    to: 'empty page',
    difference: 'ms',
    most: 100,
    why: 'Reading takes some 40 ms; the rest is the first mount and layout of the workbench.',
  },
];

/** How much the browser grows while a contender runs: in a fresh browser, untimed; of ours a save alone, once the image is open. */
const grows = (run) => async (bench) => {
  const { browser } = bench;
  const work = (begin) => {
    browser.onBegin = begin;
    return run(bench);
  };
  return { bytes: await growth(browser.pid, work) };
};

/** The files of the image told to the peers, which cannot list it. */
const tellPeers = (bench) => bench.browser.run('parts');

/** Why a tree of UDF takes longer than one of ISO 9660. */
const UDF_BLOCKS = 'Each file has a block of its own for its ICB: ten times the bytes are read.';

/** What no way of saving can go below. */
const WRITING = 'The browser takes most of it to write as many bytes into a file at all (last line of the medians).';

export const CONTESTS = [
  {
    id: 'listing',
    title: 'First listing, 105,050 entries in 5,050 directories',
    image: 'many',
    contenders: { ...listings(ENTRIES), 'libarchive.js': holding('entries', 100_000, inPage('libarchiveList')) },
    targets: [
      { what: 'parsing alone', of: 'isoscope', to: 'parsing alone', most: 2.5 },
      {
        what: 'native isoinfo',
        of: 'isoscope',
        to: 'isoinfo',
        most: 1.0,
        why: 'Reading 21 MB through a Blob alone takes most of what isoinfo takes in all.',
      },
      { what: 'times faster than 7z-wasm', of: '7z-wasm', to: 'isoscope', least: 60 },
      { what: 'reads', of: 'counted reads', key: 'reads', most: (image) => Math.floor(directories(image).bytes / MIB) + READS_MORE },
    ],
  },
  {
    id: 'usual',
    title: 'First listing, a usual disc: 3,000 files, 1.1 GB',
    image: 'usual',
    contenders: listings(3000),
    targets: [
      {
        what: 'native isoinfo',
        of: 'isoscope',
        to: 'isoinfo',
        most: 1.0,
        why: 'Three reads after one another, each through two processes of the browser.',
      },
      { what: 'reads', of: 'counted reads', key: 'reads', most: (image) => directories(image).windows + READS_MORE },
    ],
  },
  {
    id: 'udf',
    title: 'First listing of a bridge disc, 100,000 files: its UDF tree',
    image: 'bridge',
    contenders: {
      UDF: holding('entries', 100_000, inPage('view', { view: 'udf' })),
      'Rock Ridge': holding('entries', 100_000, inPage('view', { view: 'rockridge' })),
      'plain ISO 9660': holding('entries', 100_000, inPage('view', { view: 'iso9660' })),
    },
    targets: [
      { what: 'the plain ISO 9660 side', of: 'UDF', to: 'plain ISO 9660', most: 3, why: UDF_BLOCKS },
      { what: 'the Rock Ridge side', of: 'UDF', to: 'Rock Ridge', most: 3, why: UDF_BLOCKS },
    ],
  },
  {
    id: 'screen',
    title: 'From the drop to the root directory on screen, 1.1 GB',
    image: 'usual',
    contenders: onScreen('part00'),
    targets: screenTargets,
  },
  {
    id: 'screen-many',
    title: 'From the drop to the root directory on screen, 105,050 entries',
    image: 'many',
    contenders: onScreen('group 00'),
    targets: screenTargets,
  },
  {
    id: 'entries',
    title: 'Entries from the worker to the page, 105,050 entries',
    image: 'many',
    contenders: {
      'isoscope, what is shown': inPage('screen'),
      'isoscope, every row in turn': inPage('all'),
      'cloned objects': inPage('clonedObjects'),
    },
    targets: [
      { what: 'times faster than cloned objects', of: 'cloned objects', to: 'isoscope, what is shown', least: 40 },
      { what: 'page blocked', of: 'isoscope, what is shown', key: 'blocked', unit: 'ms', most: 10 },
    ],
  },
  {
    id: 'checksum',
    title: 'Bulk read and CRC-32, 600 MB (a stored ZIP planned, summed and assembled)',
    image: 'one-file',
    contenders: { isoscope: inPage('zipToBlob'), 'a read that does nothing': holding('bytes', ONE_FILE, inPage('byob')) },
    targets: [{ what: 'speed of a read that does nothing', of: 'a read that does nothing', to: 'isoscope', least: 0.7 }],
  },
  {
    id: 'stored',
    title: 'Stored ZIP written into a file, 1,936 files, 1 GB',
    image: 'mixed',
    prepare: tellPeers,
    contenders: {
      isoscope: holding('files', 1936, inPage('zipToFile', { compression: 'stored' })),
      'client-zip': holding('bytes', 1_000_000_000, inPage('clientZip')),
      'the same bytes in one write, no ZIP': holding('bytes', 1_000_000_000, inPage('plainFile', { size: 1_000_000_000 })),
    },
    targets: [{ what: 'times faster than client-zip', of: 'client-zip', to: 'isoscope', least: 3, why: WRITING }],
  },
  {
    id: 'small',
    title: 'Stored ZIP of 100,000 small files written into a file',
    image: 'many',
    contenders: {
      isoscope: holding('files', 100_000, inPage('zipToFile', { compression: 'stored' })),
      'reading their bytes': holding('bytes', 200_000_000, inPage('byob')),
      'the same bytes in one write, no ZIP': holding('bytes', 200_000_000, inPage('plainFile', { size: 220_000_000 })),
    },
    targets: [
      {
        what: 'reading their bytes',
        of: 'isoscope',
        to: 'reading their bytes',
        most: 3,
        why: `${WRITING} Each file is described again and gets a name, two headers and a sum.`,
      },
    ],
  },
  {
    id: 'folder',
    title: 'Into a folder, 5,000 files, 100 MB',
    image: 'five-thousand',
    prepare: tellPeers,
    contenders: {
      isoscope: holding('files', 5000, inPage('folder')),
      'createWritable, one file after another': holding('files', 5000, inPage('plainFolder')),
    },
    targets: [{ what: 'the plainest loop', of: 'isoscope', to: 'createWritable, one file after another', most: 1 }],
  },
  {
    id: 'download',
    title: 'Stored ZIP as a Blob, its download alone, 1 GB',
    image: 'mixed',
    contenders: {
      isoscope: savedAndDownloaded('zipToBlob'),
      'a plain slice': (bench) => bench.browser.download('downloadSlice', { size: 1_000_000_000 }),
    },
    targets: [{ what: "speed of a plain slice's", of: 'a plain slice', to: 'isoscope', toKey: 'download', least: 0.7 }],
  },
  {
    id: 'deflate-one',
    title: 'Deflated ZIP on one core, 24 MB of source code, 8 MB of noise',
    image: 'deflate',
    oneCore: true,
    sizes: true,
    prepare: tellPeers,
    contenders: { isoscope: inPage('zipToFile', { compression: 'fast' }), 'fflate level 6': inPage('fflate') },
    targets: [
      { what: 'times faster than fflate', of: 'fflate level 6', to: 'isoscope', least: 1.4 },
      { what: 'size of fflate’s', of: 'isoscope', to: 'fflate level 6', key: 'bytes', most: 1.0 },
    ],
  },
  {
    id: 'deflate-two',
    title: 'Deflated ZIP on all cores, 24 MB of source code, 8 MB of noise',
    image: 'deflate',
    prepare: tellPeers,
    contenders: { isoscope: inPage('zipToFile', { compression: 'fast' }), 'fflate level 6': inPage('fflate') },
    // 1.7 times the 1.4 of one core: fflate itself takes one.
    targets: [{ what: 'times faster than fflate', of: 'fflate level 6', to: 'isoscope', least: 2.38 }],
  },
  {
    id: 'one-file',
    title: 'One file of 600 MB out (ours onto the disk, theirs into memory)',
    image: 'one-file',
    contenders: {
      isoscope: savedAndDownloaded('fileToBlob'),
      '7z-wasm': holding('bytes', ONE_FILE, inPage('sevenZipExtract', { path: ONE_FILE_NAME })),
      'libarchive.js': holding('bytes', ONE_FILE, inPage('libarchiveExtract')),
    },
    targets: [{ what: 'times faster than 7z-wasm', of: '7z-wasm', to: 'isoscope', least: 10 }],
  },
  {
    id: 'memory-listing',
    title: 'Growth of the browser: listing 105,050 entries',
    image: 'many',
    memory: true,
    contenders: { isoscope: grows(inPage('list')), '7z-wasm': grows(inPage('sevenZipList')) },
    targets: [],
  },
  {
    id: 'memory-stored',
    title: 'Growth of the browser: stored ZIP of 1 GB into a file, as a Blob',
    image: 'mixed',
    memory: true,
    prepare: tellPeers,
    contenders: {
      'isoscope, file': grows(inPage('zipToFile', { compression: 'stored' })),
      'isoscope, Blob': grows(savedAndDownloaded('zipToBlob')),
      'client-zip': grows(inPage('clientZip')),
    },
    targets: [
      { what: 'into a file', of: 'isoscope, file', key: 'bytes', unit: 'MB', most: 100 },
      { what: 'as a Blob, downloaded', of: 'isoscope, Blob', key: 'bytes', unit: 'MB', most: 100 },
    ],
  },
  {
    id: 'memory-huge',
    title: 'Growth of the browser: 8 GiB out',
    image: 'huge',
    memory: true,
    contenders: {
      'stored ZIP, file': grows(holding('files', 16, inPage('zipToFile', { compression: 'stored' }))),
      'stored ZIP, Blob': grows(savedAndDownloaded('zipToBlob')),
      'TAR, Blob': grows(savedAndDownloaded('tarToBlob')),
      folder: grows(holding('files', 16, inPage('folder'))),
    },
    targets: ['stored ZIP, file', 'stored ZIP, Blob', 'TAR, Blob', 'folder'].map((of) => ({
      what: of,
      of,
      key: 'bytes',
      unit: 'MB',
      most: 100,
    })),
  },
  {
    id: 'memory-deflated',
    title: 'Growth of the browser: deflated ZIP of 32 MB into a file',
    image: 'deflate',
    memory: true,
    prepare: tellPeers,
    contenders: { isoscope: grows(inPage('zipToFile', { compression: 'fast' })), 'fflate level 6': grows(inPage('fflate')) },
    targets: [{ what: 'growth', of: 'isoscope', key: 'bytes', unit: 'MB', most: 100 }],
  },
  {
    id: 'memory-one-file',
    title: 'Growth of the browser: one file of 600 MB out',
    image: 'one-file',
    memory: true,
    contenders: {
      isoscope: grows(savedAndDownloaded('fileToBlob')),
      '7z-wasm': grows(inPage('sevenZipExtract', { path: ONE_FILE_NAME })),
    },
    // "No growth": what a page and a worker that have just begun to work take by themselves, and not the file.
    targets: [{ what: 'growth', of: 'isoscope', key: 'bytes', unit: 'MB', most: 50 }],
  },
];
