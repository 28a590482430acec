import type { EntryId } from '../../../protocol/entry.ts';
import { ImageError, SourceError, Unsupported } from '../../../protocol/errors.ts';
import type { BadSum, SelfCheck, SelfSum } from '../../../protocol/self-check.ts';
import type { SumName } from '../../../protocol/sums.ts';
import { describeEntries } from '../../../catalog/describe.ts';
import { pathOf } from '../../../catalog/path.ts';
import { RunningSums } from '../../../codec/running-sums.ts';
import type { EntryRecord } from '../../../formats/volume.ts';
import { RunsSource } from '../../../source/runs.ts';
import type { ByteSource } from '../../../source/source.ts';
import type { DiscImage } from '../../image.ts';
import type { View } from '../../view.ts';
import { implantedRange, judgeImplanted, readImplanted } from './implanted.ts';
import { findLists } from './lists.ts';
import { readMd5Array, sumIndexOf } from './md5-array.ts';
import { sumRanges, type RangeAnswer, type RangeSum } from './range-sums.ts';
import { readTags } from './tags.ts';
import { closing, verdictOn, type Compared } from './verdicts.ts';

/** Sums that are compared of one disc: two lists of as many files as a catalog holds. */
const MAX_SUMS = 4_000_000;

type Take = (answer: RangeAnswer | null) => void;

/** What cannot be summed as one stretch: it lies in pieces, or has to be decoded. */
interface Apart {
  readonly source: () => ByteSource;
  readonly algorithm: SumName;
  readonly take: (sum: string | null) => void;
}

/** Everything that a check is to compare, gathered before anything is summed: each stretch once, however many lists name it. */
class Work {
  readonly ranges: RangeSum[] = [];
  readonly apart: Apart[] = [];
  readonly #takes: Take[][] = [];
  readonly #known = new Map<string, number>();

  want(range: RangeSum, take: Take): void {
    const key = range.marks ? `marks ${this.ranges.length}` : `${range.algorithm} ${range.offset} ${range.length}`;
    const known = this.#known.get(key);
    if (known !== undefined) this.#takes[known]?.push(take);
    else {
      this.#known.set(key, this.ranges.push(range) - 1);
      this.#takes.push([take]);
    }
  }

  answer(answers: readonly (RangeAnswer | null)[]): void {
    for (const [index, takes] of this.#takes.entries()) for (const take of takes) take(answers[index] ?? null);
  }
}

/**
 * Compare a disc with all sums that it holds of itself: those implanted in its descriptor, the tags and the array of
 * libisofs, and lists among its files. One pass over what they cover; `onProgress` is told of bytes.
 */
export async function checkItself(
  image: DiscImage,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<SelfCheck> {
  const { source } = image;
  const view = image.shown === null ? null : image.view(image.shown);
  const work = new Work();
  const judges = [
    await implantedSum(source, work, signal),
    await tagSums(image, work, signal),
    ...(view ? [await arraySums(source, view, work, signal), ...(await listSums(source, view, work, signal))] : []),
  ];
  let read = 0;
  const tell = (done: number, total: number): void => {
    read = done;
    onProgress(done, total);
  };
  work.answer(await sumRanges(source, work.ranges, tell, signal));
  for (const { source: open, algorithm, take } of work.apart) {
    const sum = await sumOf(open, algorithm, signal);
    take(sum?.value ?? null);
    read += sum?.bytes ?? 0;
    signal?.throwIfAborted();
  }
  return closing(
    judges.flatMap((judge) => judge?.() ?? []),
    read,
  );
}

/** Judges once all sums are there; null where the disc has no such sums. */
type Judge = (() => SelfSum) | null;

async function implantedSum(source: ByteSource, work: Work, signal?: AbortSignal): Promise<Judge> {
  const implanted = await readImplanted(source, signal);
  if (!implanted) return null;
  const facts = { kind: 'implanted', title: 'MD5 implanted by isomd5sum', path: null, place: implanted.at } as const;
  if (implanted.length > source.size) {
    const bad: BadSum = { path: null, state: 'unread', from: source.size, to: implanted.length };
    return () => verdictOn(facts, [bad], 1);
  }
  let answer: RangeAnswer | null = null;
  work.want(implantedRange(implanted), (given) => (answer = given));
  return () => {
    if (!answer) return verdictOn(facts, [], 1, 0);
    const { right, damage } = judgeImplanted(implanted, answer);
    if (right) return verdictOn(facts, [], 1);
    return verdictOn(facts, [{ path: null, state: 'wrong', from: damage?.[0] ?? 0, to: damage?.[1] ?? implanted.length }], 1);
  };
}

async function tagSums({ source, session }: DiscImage, work: Work, signal?: AbortSignal): Promise<Judge> {
  const tags = await readTags(
    source,
    session.sessions.map(({ start }) => start),
    signal,
  );
  const [first] = tags;
  if (!first) return null;
  const bad: (BadSum | null)[] = tags.map(() => null);
  for (const [index, { at, offset, length, md5, sound }] of tags.entries()) {
    const wrong: BadSum = { path: null, state: 'wrong', from: offset, to: offset + length };
    if (!sound) bad[index] = { ...wrong, from: at, to: at + 2048 };
    else if (offset + length > source.size || length === 0) bad[index] = { ...wrong, state: 'unread' };
    else
      work.want(
        { algorithm: 'md5', offset, length },
        (answer) => (bad[index] = answer?.sum === md5 ? null : answer ? wrong : { ...wrong, state: 'unread' }),
      );
  }
  return () => {
    // A tag sums all before it: where an earlier one is right, what differs stands behind that.
    const narrowed = bad.map((each, index) => {
      const before = tags.slice(0, index).filter((tag, place) => bad[place] === null && tag.offset === tags[index]?.offset);
      const from = Math.max(each?.from ?? 0, ...before.map(({ at }) => at));
      return each && { ...each, from };
    });
    const facts = { kind: 'tags', title: 'Checksum tags of libisofs', path: null } as const;
    return verdictOn(
      { ...facts, place: first.at },
      narrowed.filter((each) => each !== null),
      tags.length,
    );
  };
}

/** The sums of files that libisofs keeps: of the bytes as they are stored. */
async function arraySums(source: ByteSource, view: View, work: Work, signal?: AbortSignal): Promise<Judge> {
  const { catalog, volume } = view;
  if (volume.id !== 'rockridge') return null;
  const [root] = await volume.describe([catalog.record(0)], signal);
  const array = root?.attributes ? await readMd5Array(source, root.attributes, signal) : null;
  if (!array) return null;
  const facts = { kind: 'files', title: 'MD5 of each file, by libisofs', path: null, place: array.at } as const;
  if (!array.sound) return () => verdictOn(facts, [{ path: null, state: 'wrong', from: array.at, to: null }], array.count, 0);
  const compared: Compared[] = [];
  const files = (function* () {
    for (let entry = 1; entry < catalog.count; entry++) if (catalog.kind(entry) === 'file') yield entry;
  })();
  for await (const [entry, record] of describeEntries(volume, catalog, files, signal)) {
    if (record instanceof Error || !record.attributes) continue;
    const index = sumIndexOf(record.attributes);
    const value = index === null ? null : array.sumOf(index);
    if (value === null || compared.length >= MAX_SUMS) continue;
    const one: Compared = { entry, state: 'unread' };
    compared.push(one);
    want(
      source,
      view,
      record,
      entry,
      'md5',
      true,
      work,
      (sum) => (one.state = sum === null ? 'unread' : sum === value ? 'right' : 'wrong'),
    );
  }
  return () => judgeFiles(facts, view, compared);
}

async function listSums(source: ByteSource, view: View, work: Work, signal?: AbortSignal): Promise<Judge[]> {
  const judges: Judge[] = [];
  const { catalog, volume } = view;
  for (const { path, place, sums } of await findLists(view, signal)) {
    const title = path.slice(path.lastIndexOf('/') + 1);
    const compared: Compared[] = sums.map(({ entry, path: of }) => ({ entry, path: of, state: entry === null ? 'absent' : 'unread' }));
    const places = sums.flatMap(({ entry }, index) => (entry === null ? [] : [[entry, index] as const])).sort((a, b) => a[0] - b[0]);
    let next = 0;
    for await (const [entry, record] of describeEntries(volume, catalog, new Set(places.map(([each]) => each)), signal)) {
      for (; places[next]?.[0] === entry; next++) {
        const index = places[next]?.[1] as number;
        const { algorithm, value } = sums[index] as (typeof sums)[number];
        const one = compared[index] as Compared;
        if (record instanceof Error) continue;
        want(
          source,
          view,
          record,
          entry,
          algorithm,
          false,
          work,
          (sum) => (one.state = sum === null ? 'unread' : sum === value ? 'right' : 'wrong'),
        );
      }
    }
    judges.push(() => judgeFiles({ kind: 'list', title, path, place }, view, compared));
  }
  return judges;
}

/** Ask for the sum of a file, as it is stored or as it is read. */
function want(
  source: ByteSource,
  view: View,
  record: EntryRecord,
  entry: EntryId,
  algorithm: SumName,
  stored: boolean,
  work: Work,
  take: (sum: string | null) => void,
): void {
  if (record.presence !== 'whole') return;
  const { runs, compression } = record;
  const [run, more] = runs;
  const plain = stored || compression === null;
  if (plain && run && !more && 'offset' in run && (stored || run.length === record.size))
    work.want({ algorithm, offset: run.offset, length: run.length }, (answer) => take(answer?.sum ?? null));
  else {
    const open = (): ByteSource => (stored ? new RunsSource(source, runs, 'file') : view.volume.open(record, `entry ${entry}`));
    work.apart.push({ source: open, algorithm, take });
  }
}

async function sumOf(open: () => ByteSource, algorithm: SumName, signal?: AbortSignal): Promise<{ value: string; bytes: number } | null> {
  try {
    const source = open();
    const sums = await RunningSums.begin([algorithm]);
    for await (const chunk of source.stream(0, source.size, signal)) sums.update(chunk);
    return { value: sums.finish()[algorithm], bytes: source.size };
  } catch (error) {
    if (error instanceof ImageError || error instanceof Unsupported || (error instanceof SourceError && error.code === 'past-end'))
      return null;
    throw error;
  }
}

function judgeFiles(
  facts: Omit<Parameters<typeof verdictOn>[0], never>,
  { catalog, volume }: View,
  compared: readonly Compared[],
): SelfSum {
  const bad = compared.flatMap(({ entry, path, state }): BadSum[] => {
    if (state === 'right') return [];
    const [from, size] = entry === null ? [NaN, 0] : [catalog.offset(entry), catalog.size(entry)];
    const known = from >= 0;
    return [
      {
        path: path ?? (entry === null ? null : pathOf(catalog, (bytes) => volume.decodeName(bytes), entry)),
        state,
        from: known ? from : null,
        to: known ? from + size : null,
      },
    ];
  });
  return verdictOn(facts, bad, compared.length);
}
