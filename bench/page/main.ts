// The page of the benchmark: every contender is called from outside by its name (see bench/contests.mjs).
import { Archive } from 'libarchive.js';
import { runIn, timed, type Outcome, type Part } from './contenders.ts';
import { fetchAll, fetchScreen, openAndRead, parts, save, saved, watchPage } from './door.ts';

const PEER_ROWS = 105_050;
const TARGET = 'target.zip';
const FOLDER = 'target';

const chosen = (): File => {
  const file = (document.getElementById('image') as HTMLInputElement).files?.[0];
  if (!file) throw new Error('no image was handed over');
  return file;
};

const sevenZip = (): Worker => new Worker(new URL('./seven-zip.worker.ts', import.meta.url), { type: 'module' });
const clientZip = (): Worker => new Worker(new URL('./client-zip.worker.ts', import.meta.url), { type: 'module' });
const fflate = (): Worker => new Worker(new URL('./fflate.worker.ts', import.meta.url), { type: 'module' });
const parse = (): Worker => new Worker(new URL('./parse.worker.ts', import.meta.url), { type: 'module' });
const bare = (): Worker => new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });
const plainFolder = (): Worker => new Worker(new URL('./plain-folder.worker.ts', import.meta.url), { type: 'module' });
const byob = (): Worker => new Worker(new URL('./byob.worker.ts', import.meta.url), { type: 'module' });
const objects = (): Worker => new Worker(new URL('./objects.worker.ts', import.meta.url), { type: 'module' });

/** A fresh folder of the browser's own, which is removed afterwards. */
async function withFolder(work: (target: FileSystemDirectoryHandle) => Promise<Outcome>): Promise<Outcome> {
  const root = await navigator.storage.getDirectory();
  try {
    return await work(await root.getDirectoryHandle(FOLDER, { create: true }));
  } finally {
    await root.removeEntry(FOLDER, { recursive: true }).catch(() => undefined); // not there where making it failed
  }
}

/** A fresh file of the browser's own, which is removed afterwards: what the save picker gives, without the dialog. */
async function withTarget(work: (target: FileSystemFileHandle) => Promise<Outcome>): Promise<Outcome> {
  const folder = await navigator.storage.getDirectory();
  try {
    return await work(await folder.getFileHandle(TARGET, { create: true }));
  } finally {
    await folder.removeEntry(TARGET).catch(() => undefined); // not there where making it failed
  }
}

/** As many bytes of the image written into a file as they stand: the floor of every save into one. */
async function plainFile(target: FileSystemFileHandle, size: number): Promise<Outcome> {
  const slice = chosen().slice(0, size);
  const [ms] = await timed(async () => {
    const writable = await target.createWritable();
    await writable.write(slice);
    await writable.close();
  });
  return { ms, bytes: slice.size };
}

/** Entries as objects by structured clone: from the question until they are there. */
function clonedObjects(): Promise<Outcome> {
  const worker = objects();
  return new Promise((resolve) => {
    let start = 0;
    let blocked = async (): Promise<number> => 0;
    worker.addEventListener('message', ({ data }: MessageEvent<'ready' | { readonly name: string }[]>) => {
      if (data === 'ready') {
        blocked = watchPage();
        start = performance.now();
        worker.postMessage(0);
        return;
      }
      const ms = performance.now() - start;
      worker.terminate();
      void blocked().then((longest) => resolve({ ms, blocked: longest, entries: data.length }));
    });
    worker.postMessage(PEER_ROWS);
  });
}

/** libarchive.js makes its own worker, and takes the whole image into memory. */
async function libarchiveList(): Promise<Outcome> {
  const archive = await Archive.open(chosen());
  try {
    const [ms, files] = await timed(() => archive.getFilesArray());
    return { ms, entries: files.length };
  } finally {
    await archive.close();
  }
}

async function libarchiveExtract(): Promise<Outcome> {
  const start = performance.now();
  const archive = await Archive.open(chosen());
  try {
    const files = (await archive.getFilesArray()) as { file: { extract(): Promise<File> } }[];
    const file = await files[0]?.file.extract();
    return { ms: performance.now() - start, bytes: file?.size ?? 0 };
  } finally {
    await archive.close();
  }
}

Archive.init({ workerUrl: './worker-bundle.js' });

let peersParts: Part[] = [];

/** Hand a Blob to the browser's downloads. */
function download(blob: Blob | null): void {
  if (!blob) throw new Error('there is no Blob to download');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'bench.bin';
  link.click();
}

const contenders = {
  /** Tell the peers which files the image holds. */
  parts: async (): Promise<Outcome> => {
    peersParts = await parts(chosen());
    return { entries: peersParts.length, bytes: peersParts.reduce((sum, { size }) => sum + size, 0) };
  },
  list: () => openAndRead(chosen()),
  parse: ({ head }: { head: number }) => runIn(parse(), { file: chosen(), head, view: null }),
  /** One tree of a disc alone, from the file. */
  view: ({ view }: { view: string }) => runIn(parse(), { file: chosen(), head: 0, view }),
  bare: ({ head }: { head: number }) => runIn(bare(), { file: chosen(), head }),
  sevenZipList: () => runIn(sevenZip(), { file: chosen(), extract: null }),
  libarchiveList,
  screen: () => fetchScreen(chosen()),
  all: () => fetchAll(chosen()),
  clonedObjects,
  byob: () => runIn(byob(), chosen()),
  zipToFile: ({ compression }: { compression: 'stored' | 'fast' | 'small' }) =>
    withTarget((handle) => save(chosen(), { format: 'zip', compression }, { to: 'file', handle })),
  zipToBlob: () => save(chosen(), { format: 'zip', compression: 'stored' }),
  tarToBlob: () => save(chosen(), { format: 'tar', compression: 'stored' }),
  fileToBlob: () => save(chosen(), { format: 'file', compression: 'stored' }),
  folder: () =>
    withFolder((handle) =>
      save(chosen(), { format: 'folder', compression: 'stored' }, { to: 'folder', handle, existing: 'replace', verify: false }),
    ),
  plainFolder: () => withFolder((target) => runIn(plainFolder(), { file: chosen(), parts: peersParts, target })),
  plainFile: ({ size }: { size: number }) => withTarget((target) => plainFile(target, size)),
  clientZip: () => withTarget((target) => runIn(clientZip(), { file: chosen(), parts: peersParts, target })),
  fflate: () => withTarget((target) => runIn(fflate(), { file: chosen(), parts: peersParts, target })),
  sevenZipExtract: ({ path }: { path: string }) => runIn(sevenZip(), { file: chosen(), extract: path }),
  libarchiveExtract,
  downloadSaved: async () => download(saved),
  downloadSlice: async ({ size }: { size: number }) => download(chosen().slice(0, size, 'application/octet-stream')),
};

export type Contenders = typeof contenders;
Object.assign(window, { contenders });
