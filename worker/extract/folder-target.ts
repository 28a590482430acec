import { SourceError } from '../protocol/errors.ts';
import { foldName } from './names.ts';
import { FileSink, removeLeft, targetError, type Sink } from './sink.ts';

/** What stands under a name already. */
export type Found = 'file' | 'directory';

/** A file that is there already, or was just written. */
export interface TargetFile {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A directory that is written into. All names are names of one component; errors are SourceErrors. */
export interface TargetDirectory {
  readonly name: string;
  /** What stands under this name, or under another that the file system takes for the same; null for nothing. */
  find(name: string): Promise<Found | null>;
  /** A directory inside, made where it is missing. Refused where a file is in the way. */
  directory(name: string): Promise<TargetDirectory>;
  /** A directory that is there; null where none is. Nothing is made. */
  inside(name: string): Promise<TargetDirectory | null>;
  /** Begin a file: it is there, whole, once the sink is closed, and not at all when that is aborted. */
  create(name: string): Promise<Sink>;
  /** A file that is there, to be read. */
  read(name: string): Promise<TargetFile>;
  /** Remove a file, if it is there. */
  remove(name: string): Promise<void>;
  /** Remove what a write of this file that was cut off by a crash has left beside it. */
  tidy(name: string): Promise<void>;
  /** Throws where the directory is no longer there, or no longer to be used. */
  check(): Promise<void>;
}

/** What the platform says of one name or file while the others may still be written. */
const REFUSALS: Readonly<Record<string, string>> = {
  TypeError: 'The browser does not take this name.',
  InvalidStateError: 'The name or the path is too long for the folder.',
  TypeMismatchError: 'Something of another kind stands under this name in the folder.',
  NoModificationAllowedError: 'Another program or tab is using the file of this name.',
  InvalidModificationError: 'The folder does not let this be replaced.',
  // Only what was not cancelled gets here: the browser's own check of what a page writes.
  AbortError: 'The browser’s safety check did not let this file be saved.',
};

/** An error of the platform as one of ours: `target-refused` where it concerns this name alone. */
function folderError(error: unknown, name: string): Error {
  const cause = error instanceof SourceError ? (error.cause ?? error) : error;
  const refusal = cause instanceof Error ? REFUSALS[cause.name] : undefined;
  return refusal === undefined ? targetError(error, name) : new SourceError('target-refused', refusal, null, cause);
}

async function guarded<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw folderError(error, name);
  }
}

/** A directory of the File System API. */
export class HandleDirectory implements TargetDirectory {
  readonly name: string;
  readonly #handle: FileSystemDirectoryHandle;
  /** Names that were there at the first look, and their kinds, by how file systems fold them. */
  #there: Promise<Map<string, [string, Found][]>> | null;

  /** `fresh`: it was just made, so nothing is in it. */
  constructor(handle: FileSystemDirectoryHandle, fresh = false) {
    this.#handle = handle;
    this.name = handle.name;
    this.#there = fresh ? Promise.resolve(new Map()) : null;
  }

  async find(name: string): Promise<Found | null> {
    const alike = (await this.#list()).get(foldName(name));
    if (!alike) return null;
    const same = alike.find(([there]) => there === name);
    // A name that differs in case only may be the same file, or may be none: the file system knows.
    return same ? same[1] : this.#ask(name);
  }

  async directory(name: string): Promise<TargetDirectory> {
    const there = await this.find(name);
    const handle = await guarded(name, () => this.#handle.getDirectoryHandle(name, { create: true }));
    if (!there) await this.#add(name, 'directory');
    return new HandleDirectory(handle, !there);
  }

  async inside(name: string): Promise<TargetDirectory | null> {
    if ((await this.find(name)) !== 'directory') return null;
    return new HandleDirectory(await guarded(name, () => this.#handle.getDirectoryHandle(name)));
  }

  async create(name: string): Promise<Sink> {
    const there = await this.find(name);
    const handle = await guarded(name, () => this.#handle.getFileHandle(name, { create: true }));
    if (!there) await this.#add(name, 'file');
    const remove = (): Promise<void> => removeLeft(() => this.#handle.removeEntry(name));
    const tidy = async (): Promise<void> => {
      if (!there) await remove();
    };
    try {
      return await FileSink.open(handle, { tidy, remove, toError: folderError });
    } catch (error) {
      await tidy();
      throw error;
    }
  }

  async read(name: string): Promise<TargetFile> {
    const file = await guarded(name, async () => (await this.#handle.getFileHandle(name)).getFile());
    return { size: file.size, read: (offset, length) => readBack(file, offset, length) };
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#handle.removeEntry(name);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NotFoundError')) throw folderError(error, name);
    }
    const alike = (await this.#list()).get(foldName(name));
    const at = alike?.findIndex(([there]) => there === name) ?? -1;
    if (at >= 0) alike?.splice(at, 1);
  }

  async tidy(name: string): Promise<void> {
    const swap = `${name}.crswap`;
    if ((await this.find(swap)) === 'file') await this.remove(swap);
  }

  async check(): Promise<void> {
    try {
      for await (const _name of this.#handle.keys()) break;
    } catch (error) {
      const ours = targetError(error, this.name) as SourceError;
      if (ours.code !== 'target-refused') throw ours;
      throw new SourceError('target-gone', `The folder “${this.name}” can no longer be used.`, null, error);
    }
  }

  #list(): Promise<Map<string, [string, Found][]>> {
    this.#there ??= guarded(this.name, async () => {
      const there = new Map<string, [string, Found][]>();
      for await (const [name, { kind }] of this.#handle.entries()) add(there, name, kind);
      return there;
    });
    return this.#there;
  }

  async #add(name: string, kind: Found): Promise<void> {
    add(await this.#list(), name, kind);
  }

  async #ask(name: string): Promise<Found | null> {
    try {
      await this.#handle.getFileHandle(name);
      return 'file';
    } catch (error) {
      const kind = error instanceof Error ? error.name : '';
      if (kind === 'NotFoundError') return null;
      if (kind === 'TypeMismatchError') return 'directory';
      throw folderError(error, name);
    }
  }
}

async function readBack(file: File, offset: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  } catch (error) {
    throw new SourceError('target-refused', `“${file.name}” is in the folder but cannot be read.`, offset, error);
  }
}

function add(there: Map<string, [string, Found][]>, name: string, kind: Found): void {
  const fold = foldName(name);
  const alike = there.get(fold);
  if (!alike) there.set(fold, [[name, kind]]);
  else if (!alike.some(([known]) => known === name)) alike.push([name, kind]);
}
