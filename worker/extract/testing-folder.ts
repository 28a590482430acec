/** A directory as the File System API has them, in memory, with faults on wish (tests only). */

/** What is about to happen, and to what: throw to let it fail as the platform would. */
export type Fault = (step: 'find' | 'make' | 'list' | 'open' | 'write' | 'close' | 'read' | 'remove', path: string) => void | Promise<void>;

type Node = FakeDirectory | FakeFile;

const missing = (name: string): DOMException => new DOMException(`no ${name}`, 'NotFoundError');

export class FakeFile {
  readonly kind = 'file';
  readonly name: string;
  readonly path: string;
  content: Blob = new Blob([]);
  /** Something is being written for it: it is not to be removed. */
  held = false;
  readonly #root: FakeRoot;
  readonly #parent: FakeDirectory;

  constructor(root: FakeRoot, parent: FakeDirectory, name: string) {
    this.#root = root;
    this.#parent = parent;
    this.name = name;
    this.path = `${parent.path}/${name}`;
  }

  async getFile(): Promise<File> {
    await this.#root.fault('read', this.path);
    if (this.#parent.children.get(this.name) !== this) throw missing(this.name);
    return new File([this.content], this.name);
  }

  async createWritable(): Promise<unknown> {
    await this.#root.fault('open', this.path);
    this.#root.openFiles++;
    this.held = true;
    this.#root.mostOpen = Math.max(this.#root.mostOpen, this.#root.openFiles);
    let bytes = new Uint8Array(0);
    let ended = false;
    const end = (): void => {
      if (!ended) this.#root.openFiles--;
      ended = true;
      this.held = false;
    };
    return {
      write: async ({ position, data }: { position: number; data: Blob | Uint8Array }) => {
        const copy = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : data.slice();
        await this.#root.fault('write', this.path);
        const grown = new Uint8Array(Math.max(bytes.length, position + copy.length));
        grown.set(bytes);
        grown.set(copy, position);
        bytes = grown;
      },
      close: async () => {
        await this.#root.fault('close', this.path);
        if (this.#parent.children.get(this.name) !== this) throw missing(this.name);
        this.content = new Blob([this.#root.spoil?.(this.path, bytes) ?? bytes]);
        end();
      },
      // As in Chromium, which answers before it has let go of the file.
      abort: async () => void setTimeout(end, 5),
    };
  }

  async text(): Promise<string> {
    return this.content.text();
  }
}

export class FakeDirectory {
  readonly kind = 'directory';
  readonly name: string;
  readonly path: string;
  readonly children = new Map<string, Node>();
  protected readonly root: FakeRoot;

  constructor(root: FakeRoot | null, path: string, name: string) {
    this.root = root ?? (this as unknown as FakeRoot);
    this.path = path;
    this.name = name;
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeDirectory> {
    return this.#get(name, create, 'directory') as Promise<FakeDirectory>;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
    return this.#get(name, create, 'file') as Promise<FakeFile>;
  }

  async removeEntry(name: string): Promise<void> {
    await this.root.fault('remove', `${this.path}/${name}`);
    const child = this.children.get(name);
    if (child instanceof FakeFile && child.held) throw new DOMException('it is in use', 'NoModificationAllowedError');
    if (!this.children.delete(name)) throw missing(name);
  }

  async *entries(): AsyncGenerator<[string, Node]> {
    await this.root.fault('list', this.path);
    yield* [...this.children];
  }

  async *keys(): AsyncGenerator<string> {
    for await (const [name] of this.entries()) yield name;
  }

  async #get(name: string, create: boolean, kind: Node['kind']): Promise<Node> {
    await this.root.fault(create ? 'make' : 'find', `${this.path}/${name}`);
    if (this.root.refuses?.(name)) throw new TypeError('Name is not allowed.');
    const key = this.root.foldsCase ? ([...this.children.keys()].find((one) => one.toLowerCase() === name.toLowerCase()) ?? name) : name;
    let node = this.children.get(key);
    if (!node && !create) throw missing(name);
    if (node && node.kind !== kind) throw new DOMException(`${name} is no ${kind}`, 'TypeMismatchError');
    node ??= kind === 'file' ? new FakeFile(this.root, this, name) : new FakeDirectory(this.root, `${this.path}/${name}`, name);
    this.children.set(key, node);
    return node;
  }

  /** All files below by path, as texts; directories end in "/". */
  async tree(prefix = ''): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [name, node] of this.children) {
      if (node instanceof FakeFile) found[prefix + name] = await node.text();
      else Object.assign(found, { [`${prefix}${name}/`]: '' }, await node.tree(`${prefix}${name}/`));
    }
    return found;
  }
}

/** The folder that the user chose. */
export class FakeRoot extends FakeDirectory {
  fault: Fault = () => undefined;
  /** Names that the picker does not take. */
  refuses: ((name: string) => boolean) | null = null;
  /** "A" and "a" are one, as on Windows and macOS. */
  foldsCase = false;
  /** What the disk makes of the bytes of a file. */
  spoil: ((path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null) | null = null;
  openFiles = 0;
  mostOpen = 0;

  constructor() {
    super(null, '', 'target');
  }

  /** What is handed to the product. */
  get handle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle;
  }

  /** Put a file there. */
  async put(path: string, text: string): Promise<void> {
    const names = path.split('/');
    const last = names.pop() as string;
    const first = Promise.resolve<FakeDirectory>(this);
    const directory = names.reduce(async (parent, name) => (await parent).getDirectoryHandle(name, { create: true }), first);
    (await (await directory).getFileHandle(last, { create: true })).content = new Blob([text]);
  }
}
