import { proxy, transfer } from 'comlink';
import { ROOT, type EntryDetails, type EntryId, type EntryRow, type RecordKey, type ViewId } from '../protocol/entry.ts';
import { ImageError, isAbort, Unsupported } from '../protocol/errors.ts';
import type { CharsetId } from '../protocol/charset.ts';
import type {
  ImageOverview,
  InspectionReport,
  Inspector,
  Listing,
  ListOptions,
  Measure,
  NestedImage,
  SectorSums,
  SessionDifference,
  TreeNode,
} from '../protocol/inspector.ts';
import type { Contents, FindRequest, Match, Preview, Structure, Subject, TextCharset, TextRow, TextState } from '../protocol/preview.ts';
import type { ImagePart, ImagePartition } from '../protocol/partition.ts';
import type {
  FolderSurvey,
  ListRequest,
  SaveDestination,
  SavePlanSummary,
  SaveProgress,
  SaveRequest,
  SaveResult,
} from '../protocol/save.ts';
import type { Inspection } from '../protocol/inspection.ts';
import type { Study } from '../protocol/study.ts';
import { describeOne } from '../catalog/describe.ts';
import { ancestors, findPaths, pathOf } from '../catalog/path.ts';
import { measure } from '../catalog/totals.ts';
import type { DiscImage } from '../inspect/image.ts';
import { loadNested, loadPartitions } from '../inspect/lazy.ts';
import { openImage } from '../inspect/open.ts';
import type { View } from '../inspect/view.ts';
import { Findings } from '../formats/findings.ts';
import type { NamedStream } from '../formats/volume.ts';
import { followLink } from '../inspect/links.ts';
import { detailsOf, findPrefix, listDirectories, listDirectory, rowOf, rowsOf } from '../inspect/listing.ts';
import type { BootCatalogEntry } from '../protocol/boot.ts';
import { BlobSource } from '../source/blob.ts';
import { holdLifeline } from './lifeline.ts';
import type { ImageInspection } from './inspection.ts';
import type { Looks } from './looks.ts';
import type { Saves } from './saves.ts';
import type { ImageStudy } from './study.ts';

/** How long `list` waits for a directory that is still being read before it gives what is there. */
const PATIENCE = 250;
/** The page hears of progress at most this often (milliseconds); that a view is read, at once. */
const CHANGE_INTERVAL = 100;

async function streamsOf({ volume, catalog }: View, entry: EntryId): Promise<readonly NamedStream[]> {
  return (await volume.streams?.([catalog.record(entry)]))?.[0] ?? [];
}

/** The worker's side of the door: one open image. */
export class ImageInspector implements Inspector {
  readonly #version: string;
  #loadedSaves: Promise<Saves> | null = null;
  #looking: { readonly image: DiscImage; readonly looks: Promise<Looks> } | null = null;
  #inspecting: { readonly image: DiscImage; readonly inspection: Promise<ImageInspection> } | null = null;
  #studying: { readonly image: DiscImage; readonly study: Promise<ImageStudy> } | null = null;
  #lifeline: Promise<string | null> | null = null;
  #image: DiscImage | null = null;
  #request = 0;
  #opening: Promise<ImageOverview> | null = null;
  #sources: readonly BlobSource[] = [];
  #checking: AbortController | null = null;
  #tell: (overview: ImageOverview) => void = () => undefined;
  #onChange: () => void = () => undefined;

  constructor(version: string) {
    this.#version = version;
  }

  async open(files: readonly File[], onChange: (overview: ImageOverview) => void): Promise<ImageOverview> {
    this.#sources = files.map((file) => new BlobSource(file, file.name));
    this.#tell = onChange;
    this.#opening = this.#openSession();
    return this.#opening;
  }

  /** Open the image's last session, or another one, and begin to read it. */
  async #openSession(session?: number): Promise<ImageOverview> {
    const request = ++this.#request;
    const image = await openImage(this.#sources, session === undefined ? {} : { session });
    // Another session was asked for meanwhile: that one counts.
    if (request !== this.#request && this.#image) return this.#image.overview();
    this.#image?.stop();
    this.#image = image;
    let last = 0;
    let told = '';
    this.#onChange = () => {
      const now = performance.now();
      const states = image.views.map(({ state }) => state).join(' ');
      if (this.#image !== image || (now - last < CHANGE_INTERVAL && states === told && !image.complete)) return;
      last = now;
      told = states;
      this.#tell(image.overview());
    };
    if (image.detection.readable) {
      image.readAll(this.#onChange).catch((error: unknown) => this.#readingFailed(image, error));
      if (image.shown) await image.view(image.shown)?.untilRead(ROOT, PATIENCE);
    }
    return image.overview();
  }

  async overview(): Promise<ImageOverview> {
    return this.#opened.overview();
  }

  async choose(id: ViewId): Promise<ImageOverview> {
    const view = this.#view(id);
    this.#start(view);
    await view.untilRead(ROOT, PATIENCE);
    return this.#opened.overview();
  }

  async openNested(id: ViewId, entry: EntryId): Promise<NestedImage> {
    const nested = await this.#opened.openNested(id, entry);
    this.#tell(this.#opened.overview());
    return nested;
  }

  async chooseSession(session: number): Promise<ImageOverview> {
    return this.#openSession(session);
  }

  async chooseCharset(charset: CharsetId | null): Promise<ImageOverview> {
    this.#opened.useCharset(charset);
    return this.#opened.overview();
  }

  async onlyIn(id: ViewId, other: ViewId): Promise<Uint32Array> {
    const [view, compared] = [this.#view(id), this.#view(other)];
    for (const each of [view, compared]) await each.read(this.#onChange);
    const { onlyIn } = await import('../inspect/compare.ts');
    const entries = onlyIn(view, compared);
    return transfer(entries, [entries.buffer]);
  }

  async compareSessions(id: ViewId): Promise<SessionDifference | null> {
    const { session } = this.#opened.session;
    if (session === 1) return null;
    const view = this.#view(id);
    const before = await openImage(this.#sources, { session: session - 1 });
    const earlier = before.view(id) ?? before.views[0];
    if (!earlier) return null;
    before.useCharset(this.#opened.charset);
    await Promise.all([view.read(this.#onChange), earlier.read(() => undefined)]);
    return (await import('../inspect/compare.ts')).compareSessions(earlier, view);
  }

  async list(id: ViewId | null, directory: EntryId, options: ListOptions): Promise<Listing> {
    if (id === null) await this.#opening;
    const view = this.#view(id ?? this.#opened.shown);
    this.#start(view);
    await view.untilRead(directory, PATIENCE);
    const listing = await listDirectory(view, directory, options);
    return transfer(listing, [listing.entries.buffer]);
  }

  async rows(id: ViewId, entries: Uint32Array, columns: readonly RecordKey[] = []): Promise<EntryRow[]> {
    return rowsOf(this.#view(id), entries, columns);
  }

  async directories(id: ViewId, parent: EntryId, hidden: boolean): Promise<TreeNode[]> {
    const view = this.#view(id);
    this.#start(view);
    await view.untilRead(parent, PATIENCE);
    return listDirectories(view, parent, hidden);
  }

  async ancestors(id: ViewId, entry: EntryId): Promise<EntryRow[]> {
    const view = this.#view(id);
    return ancestors(view.catalog, entry).map((step) => rowOf(view, step));
  }

  async details(id: ViewId, entry: EntryId): Promise<EntryDetails> {
    const view = this.#view(id);
    const record = entry === ROOT ? null : await describeOne(view.volume, view.catalog.record(entry));
    if (record instanceof ImageError) throw record;
    const link = view.catalog.kind(entry) === 'symlink' ? await followLink(view, entry) : null;
    const { damage } = view.volume.findings.totals;
    const streams = await streamsOf(view, entry);
    // What is wrong with streams is found when they are looked for.
    if (view.volume.findings.totals.damage > damage) this.#tell(this.#opened.overview());
    const nested = await (await loadNested()).findNested(this.#opened.source, view, entry);
    return { ...detailsOf(view, entry, record, streams, link), nested: nested?.title ?? null };
  }

  async findPrefix(id: ViewId, entries: Uint32Array, prefix: string, from: number): Promise<number> {
    return findPrefix(this.#view(id), entries, prefix, from);
  }

  async measure(id: ViewId, entries: Uint32Array, hidden: boolean): Promise<Measure> {
    const view = this.#view(id);
    return measure(view.catalog, hidden ? view.totals : view.shownTotals, entries, hidden);
  }

  async report(): Promise<InspectionReport> {
    return (await this.#inspection).report();
  }

  async plan(request: SaveRequest): Promise<SavePlanSummary> {
    const view = this.#view(request.view);
    await view.read(this.#onChange);
    return (await this.#saves).plan(view, this.#opened.source, request);
  }

  async planImage(part?: ImagePart): Promise<SavePlanSummary> {
    return (await this.#saves).planImage(this.#opened.medium, part);
  }

  async checkSectors(onProgress: (sectors: number) => void): Promise<SectorSums> {
    await this.stopChecking();
    const { checkSectors } = await import('../formats/optical/check-sectors.ts');
    this.#checking = new AbortController();
    const { checked, bad, findings } = await checkSectors(this.#opened.medium, onProgress, this.#checking.signal);
    return { checked, bad, findings: findings.list };
  }

  async stopChecking(): Promise<void> {
    this.#checking?.abort();
  }

  async planList(request: ListRequest): Promise<SavePlanSummary> {
    const view = this.#view(request.view);
    await view.read(this.#onChange);
    return (await this.#saves).planList(view, this.#opened.source, request);
  }

  async partitions(): Promise<readonly ImagePartition[]> {
    const { source } = this.#opened;
    const { partitionsOf, readSystemArea } = await loadPartitions();
    return partitionsOf(await readSystemArea(source, [], new Findings()), source.size);
  }

  async bootEntries(): Promise<readonly BootCatalogEntry[]> {
    return this.#opened.opened.flatMap((format) => format.boot);
  }

  async planStream(id: ViewId, entry: EntryId, index: number): Promise<SavePlanSummary> {
    const view = this.#view(id);
    const stream = (await streamsOf(view, entry))[index];
    if (!stream) throw new Unsupported('no-stream', 'There is no such stream.');
    return (await this.#saves).planStream(view, entry, stream);
  }

  async survey(plan: number, folder: FileSystemDirectoryHandle): Promise<FolderSurvey> {
    return (await this.#saves).survey(plan, folder);
  }

  async save(plan: number, destination: SaveDestination, onProgress: (progress: SaveProgress) => void): Promise<SaveResult> {
    return (await this.#saves).save(plan, destination, onProgress);
  }

  async cancel(plan: number): Promise<void> {
    (await this.#saves).cancel(plan);
  }

  async pause(plan: number, paused: boolean): Promise<void> {
    (await this.#saves).pause(plan, paused);
  }

  async paths(id: ViewId, entries: Uint32Array): Promise<string[]> {
    const { catalog, volume } = this.#view(id);
    return Array.from(entries, (entry) => pathOf(catalog, (bytes) => volume.decodeName(bytes), entry));
  }

  async find(id: ViewId, paths: readonly string[]): Promise<Uint32Array> {
    const view = this.#view(id);
    await view.read(this.#onChange);
    return Uint32Array.from(findPaths(view.catalog, (bytes) => view.volume.decodeName(bytes), paths));
  }

  lifeline(): Promise<string | null> {
    this.#lifeline ??= holdLifeline();
    return this.#lifeline;
  }

  async contents(subject: Subject): Promise<Contents> {
    return (await this.#looks).contents(subject);
  }

  async read(subject: Subject, offset: number, length: number): Promise<Uint8Array> {
    return (await this.#looks).read(subject, offset, length);
  }

  async peek(subject: Subject): Promise<Preview> {
    return (await this.#looks).peek(subject);
  }

  async openText(subject: Subject, charset: TextCharset, onProgress: (state: TextState) => void): Promise<TextState> {
    return (await this.#looks).openText(subject, charset, onProgress);
  }

  async textRows(id: number, from: number, count: number): Promise<TextRow[]> {
    return (await this.#looks).textRows(id, from, count);
  }

  async textRowAt(id: number, offset: number): Promise<number> {
    return (await this.#looks).textRowAt(id, offset);
  }

  async closeText(id: number): Promise<void> {
    return (await this.#looks).closeText(id);
  }

  async findBytes(request: FindRequest, onProgress: (bytes: number) => void): Promise<Match | null> {
    return (await this.#looks).findBytes(request, onProgress);
  }

  async stopFinding(): Promise<void> {
    return (await this.#looks).stopFinding();
  }

  async structures(offset: number, length: number): Promise<Structure[]> {
    return (await this.#looks).structures(offset, length);
  }

  async study(): Promise<Study> {
    const image = this.#opened;
    if (this.#studying?.image !== image) {
      void this.#studying?.study.then((study) => study.stop());
      this.#studying = { image, study: import('./study.ts').then(({ ImageStudy }) => new ImageStudy(image)) };
    }
    return proxy(await this.#studying.study);
  }

  async inspection(): Promise<Inspection> {
    return proxy(await this.#inspection);
  }

  /** What tells of the whole is loaded with the first question, and made anew for another image or session. */
  get #inspection(): Promise<ImageInspection> {
    const image = this.#opened;
    if (this.#inspecting?.image !== image) {
      void this.#inspecting?.inspection.then((inspection) => inspection.stop());
      const files = this.#sources;
      this.#inspecting = {
        image,
        inspection: import('./inspection.ts').then(({ ImageInspection }) => new ImageInspection(image, files, this.#version)),
      };
    }
    return this.#inspecting.inspection;
  }

  /** What looks at bytes is loaded with the first look, and made anew for another image or session. */
  get #looks(): Promise<Looks> {
    const image = this.#opened;
    if (this.#looking?.image !== image) {
      void this.#looking?.looks.then((looks) => looks.stop());
      this.#looking = { image, looks: import('./looks.ts').then(({ Looks }) => new Looks(image)) };
    }
    return this.#looking.looks;
  }

  /** What saves is loaded when the first save is planned. */
  get #saves(): Promise<Saves> {
    this.#loadedSaves ??= import('./saves.ts').then(({ Saves }) => new Saves());
    return this.#loadedSaves;
  }

  get #opened(): DiscImage {
    if (!this.#image) throw new Unsupported('no-image', 'No image is open.');
    return this.#image;
  }

  #view(id: ViewId | null): View {
    const view = id && this.#opened.view(id);
    if (!view) throw new Unsupported('no-view', `This disc has no view “${id}”.`);
    return view;
  }

  /** Read a view now, where it is not read or being read. */
  #start(view: View): void {
    view.inUse = true;
    if (view.state !== 'unread') return;
    view.read(this.#onChange).catch((error: unknown) => this.#readingFailed(this.#opened, error));
  }

  /** The file went away while its trees were read: what has been read stays, and it is said. */
  #readingFailed(image: DiscImage, error: unknown): void {
    if (isAbort(error)) return;
    image.findings.add('damage', 'reading-failed', null, '', error instanceof Error ? error.message : String(error));
    image.finish();
    if (image === this.#image) this.#onChange();
  }
}
