import { Layout } from '../source/layout.ts';
import { PathGuard, utf8Length } from './names.ts';
import { breathe, BREATH, pathsByOffset, type ArchiveLayout } from './archive.ts';
import { nameOf, type Member, type UnnamedMember } from './member.ts';
import type { ExtractionPlan } from './plan.ts';

/** Everything in a TAR stands in blocks of this size (POSIX.1-2017 pax, ustar interchange format). */
const BLOCK = 512;
/** Two blocks of zeros end the archive; writers fill up to a record of 20 blocks. */
const END_BLOCKS = 2;
const RECORD = 20 * BLOCK;
/** Bytes that the fields of a header hold: of a name, a link's target, and of a path split into prefix and name at a slash. */
const MAX_NAME = 100;
const MAX_PREFIX = 155;
const MAX_PATH = MAX_PREFIX + 1 + MAX_NAME;
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777;

/** ustar typeflag by kind of member. */
const TYPE = { file: '0', directory: '5', symlink: '2' } as const;
const HARD_LINK = '1';
const CHARACTER_DEVICE = '3';
const BLOCK_DEVICE = '4';
const FIFO = '6';
const PAX = 'x';

const encoder = new TextEncoder();

/** A TAR of a plan's members; those in `except` (and links to them) are left out. */
export async function tarLayout(plan: ExtractionPlan, except: ReadonlySet<number>, signal?: AbortSignal): Promise<ArchiveLayout> {
  const guard = new PathGuard();
  const layout = new Layout(plan.name, (index, into, at) => {
    const member = plan.member(index);
    if (!member) throw new RangeError(`member ${index} is left out`);
    guard.assert(member.path);
    const header = headerOf(plan, member);
    into.set(header, at);
    return header.length;
  });
  const indices = new Uint32Array(plan.count);
  const starts = new Float64Array(plan.count);
  let count = 0;
  for (let index = 0; index < plan.count; index++) {
    if (index % BREATH === 0) await breathe(signal);
    const member = except.has(index) ? null : plan.unnamed(index);
    if (!member) continue;
    indices[count] = index;
    starts[count++] = layout.size;
    layout.addMade(index, headerLength(plan, member));
    const size = storedSize(member);
    if (size > 0) plan.addContents(layout, index);
    layout.addZeros(padding(size));
  }
  layout.addZeros(endLength(layout.size));
  return { layout, pathAt: pathsByOffset(plan, indices.subarray(0, count), starts.subarray(0, count)) };
}

/** A hard link to what is left out is left out too. */
export function withLinks(plan: ExtractionPlan, undecoded: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  if (undecoded.size === 0) return undecoded;
  const failed = new Map(undecoded);
  for (let index = 0; index < plan.count; index++) {
    const reason = failed.get(plan.unnamed(index)?.linkTo ?? -1);
    if (reason !== undefined) failed.set(index, reason);
  }
  return failed;
}

/** Exact size of the TAR of a plan, without laying it out. */
export function tarSize(plan: ExtractionPlan): number {
  let size = 0;
  for (let index = 0; index < plan.count; index++) {
    const member = plan.unnamed(index);
    if (!member) continue;
    const contents = storedSize(member);
    size += headerLength(plan, member) + contents + padding(contents);
  }
  return size + endLength(size);
}

function endLength(size: number): number {
  const end = size + END_BLOCKS * BLOCK;
  return Math.ceil(end / RECORD) * RECORD - size;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Bytes of contents that follow the header: a link has none. */
function storedSize(member: UnnamedMember): number {
  return member.kind === 'file' && member.linkTo === -1 ? member.size : 0;
}

function headerOf(plan: ExtractionPlan, member: Member): Uint8Array {
  const header = ustarHeader(plan, member);
  const records = paxRecords(plan, member);
  if (records.length === 0) return header;
  const body = encoder.encode(records.map(recordText).join(''));
  const bytes = new Uint8Array(BLOCK + body.length + padding(body.length) + BLOCK);
  const name = `PaxHeaders/${asciiTail(member.path)}`;
  bytes.set(
    block({
      name,
      prefix: '',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: body.length,
      seconds: seconds(member),
      type: PAX,
      link: '',
      device: [0, 0],
    }),
  );
  bytes.set(body, BLOCK);
  bytes.set(header, bytes.length - BLOCK);
  return bytes;
}

function headerLength(plan: ExtractionPlan, member: UnnamedMember): number {
  const records = paxRecords(plan, member);
  if (records.length === 0) return BLOCK;
  const body = records.reduce((sum, record) => sum + recordLength(record), 0);
  return BLOCK + body + padding(body) + BLOCK;
}

/** An extended header record. The value is made when it is written: a path may be a hundred thousand characters long. */
interface PaxRecord {
  readonly key: string;
  /** Bytes of the value in UTF-8. */
  readonly length: number;
  readonly value: () => string;
}

/** The extended header records a member needs: what ustar's fields cannot say (pax Extended Header). */
function paxRecords(plan: ExtractionPlan, member: UnnamedMember): PaxRecord[] {
  const records: PaxRecord[] = [];
  const number = (key: string, value: number, fits: boolean): void => {
    const text = String(value);
    if (!fits) records.push({ key, length: text.length, value: () => text });
  };
  const path: PaxRecord = {
    key: 'path',
    length: plan.pathLength(member.index) + slashOf(member).length,
    value: () => plan.path(member.index) + slashOf(member),
  };
  if (path.length > MAX_PATH || !fitsPath(path.value())) records.push(path);
  const link: PaxRecord = { key: 'linkpath', length: linkLength(plan, member), value: () => linkName(plan, member) };
  if (link.length > MAX_NAME || !isAscii(link.value())) records.push(link);
  const size = storedSize(member);
  number('size', size, size <= MAX_OCTAL_11);
  number('uid', member.uid, member.uid <= MAX_OCTAL_7);
  number('gid', member.gid, member.gid <= MAX_OCTAL_7);
  const time = seconds(member);
  number('mtime', time, time >= 0 && time <= MAX_OCTAL_11);
  return records;
}

/** Bytes of `LENGTH KEY=VALUE\n`, where LENGTH counts itself. */
function recordLength({ key, length }: PaxRecord): number {
  const rest = ` ${key}=\n`.length + length;
  let whole = rest + 1;
  while (String(whole).length + rest !== whole) whole = String(whole).length + rest;
  return whole;
}

function recordText(record: PaxRecord): string {
  return `${recordLength(record)} ${record.key}=${record.value()}\n`;
}

/** A directory's path ends in a slash. */
function slashOf({ kind }: UnnamedMember): string {
  return kind === 'directory' ? '/' : '';
}

function linkLength(plan: ExtractionPlan, member: UnnamedMember): number {
  return member.linkTo === -1 ? utf8Length(linkName(plan, member)) : plan.pathLength(member.linkTo);
}

function linkName(plan: ExtractionPlan, member: UnnamedMember): string {
  if (member.linkTo !== -1) return plan.path(member.linkTo);
  return member.kind === 'symlink' ? (member.target ?? '') : '';
}

function seconds(member: UnnamedMember): number {
  return Math.floor(member.modified / 1000);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function fitsPath(path: string): boolean {
  return isAscii(path) && splitPath(path) !== null;
}

/** Path as ustar's name and prefix, split at a slash; null where it does not fit. */
function splitPath(path: string): readonly [string, string] | null {
  if (path.length <= MAX_NAME) return [path, ''];
  const slash = path.indexOf('/', path.length - MAX_NAME - 1);
  if (slash <= 0 || slash > MAX_PREFIX || slash >= path.length - 1) return null;
  return [path.slice(slash + 1), path.slice(0, slash)];
}

/** A stand-in for readers that do not know pax: the end of the name in ASCII. */
function asciiTail(path: string): string {
  return (
    nameOf(path)
      .replace(/[^\x20-\x7e]/gu, '_')
      .slice(-80) || '_'
  );
}

function typeOf(member: UnnamedMember): string {
  if (member.linkTo !== -1) return HARD_LINK;
  if (member.kind !== 'device') return TYPE[member.kind];
  const type = member.mode & 0o170000;
  return type === 0o060000 ? BLOCK_DEVICE : type === 0o020000 ? CHARACTER_DEVICE : FIFO;
}

function ustarHeader(plan: ExtractionPlan, member: Member): Uint8Array {
  const path = member.path + slashOf(member);
  const [name, prefix] = (isAscii(path) ? splitPath(path) : null) ?? [asciiTail(member.path) + slashOf(member), ''];
  const link = linkName(plan, member);
  return block({
    name,
    prefix,
    mode: member.mode & 0o7777,
    uid: member.uid,
    gid: member.gid,
    size: storedSize(member),
    seconds: seconds(member),
    type: typeOf(member),
    link: isAscii(link) && link.length <= MAX_NAME ? link : asciiTail(link),
    device: member.device ?? [0, 0],
  });
}

interface Ustar {
  readonly name: string;
  readonly prefix: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly seconds: number;
  readonly type: string;
  readonly link: string;
  readonly device: readonly [number, number];
}

/** One header block (ustar Header Block); what does not fit a field is 0 there, and pax has it. */
function block(header: Ustar): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  // Every text here is ASCII: what is not stands in pax records.
  const text = (at: number, value: string): void => {
    for (let index = 0; index < value.length; index++) bytes[at + index] = value.charCodeAt(index);
  };
  const octal = (at: number, digits: number, value: number): void => {
    const fits = value >= 0 && value < 8 ** digits;
    text(at, (fits ? value : 0).toString(8).padStart(digits, '0'));
  };
  text(0, header.name);
  octal(100, 7, header.mode);
  octal(108, 7, header.uid);
  octal(116, 7, header.gid);
  octal(124, 11, header.size);
  octal(136, 11, header.seconds);
  text(156, header.type);
  text(157, header.link);
  text(257, 'ustar');
  text(263, '00');
  octal(329, 7, header.device[0]);
  octal(337, 7, header.device[1]);
  text(345, header.prefix);
  // The checksum is taken with its own field as spaces.
  bytes.fill(0x20, 148, 156);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += bytes[at] as number;
  text(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}
