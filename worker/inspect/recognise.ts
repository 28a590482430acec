import type { Detection } from '../protocol/inspector.ts';
import type { ByteSource } from '../source/source.ts';
import { beginningOnly, unreadable } from './refusals.ts';
import { DISK_SIGNATURES, SIGNATURES, type Signature } from './signatures.ts';

/** Bytes looked at from the start: past the Btrfs, Xbox and ISO 9660 marks. */
const HEAD = 0x10100;
const TAIL = 512;
const EVIDENCE_BYTES = 16;
/** Where the name of IsoDraw is looked for in a drawing. */
const ISODRAW_HEAD = 1024;
/** How often and how much is read to tell an empty download from a disc with an empty start. */
const ZERO_PROBES = 64;
const ZERO_PROBE_BYTES = 4096;
/** ECMA-119 6.2.1: the first descriptor stands in sector 16; recognising any disc needs two sectors more. */
const FIRST_DESCRIPTOR = 16 * 2048;
const ENOUGH = 20 * 2048;

/** What a file is that no driver opens, and what to do about it, in plain words. */
export async function recognise(source: ByteSource, signal?: AbortSignal): Promise<Detection> {
  if (source.size === 0) {
    return unreadable(
      'empty',
      'an empty file',
      'It holds no bytes at all: the download or the copy never began, or was lost.',
      ['Download or copy it again.'],
      [],
    );
  }
  const head = await source.read(0, Math.min(HEAD, source.size), signal);
  const tailStart = Math.max(0, source.size - TAIL);
  const tail = await source.read(tailStart, source.size - tailStart, signal);
  const evidence = [{ label: 'First bytes', value: quote(head), at: 0 }];
  // A mark at the end of a file is of its container; what the container begins with may be anything.
  const known = [...SIGNATURES]
    .sort((a, b) => Number(a.at >= 0) - Number(b.at >= 0))
    .find((signature) => holds(signature, head, tail, source.size));
  if (known) return named(known, evidence);
  if (isRaw(head)) return rawSectors(evidence);
  if (holdsCdMark(head) && udfMark(head) === -1) return beginningOnly(source.size, evidence);
  const disk = partitionTable(head) ?? DISK_SIGNATURES.find((signature) => holds(signature, head, tail, source.size));
  if (disk) return named(disk, evidence);
  const text = textual(head, source.size);
  if (text) return { ...text, evidence };
  if (await isZeros(source, signal)) {
    // The first 16 sectors of many discs are zeros: so short a file of zeros is more likely a disc's beginning.
    if (source.size < ENOUGH) return beginningOnly(source.size, evidence);
    return unreadable(
      'zeros',
      'a file of zeros',
      'Every byte that was looked at is zero: the space was reserved, but the download never filled it.',
      ['Download it again, and let it finish.'],
      evidence,
    );
  }
  if (isIsoDraw(head)) return isoDraw(evidence);
  if (udfMark(head) !== -1) return udf(evidence);
  const other = await byLibrary(head);
  if (other) return { ...other, evidence };
  return unknown(evidence);
}

function named(signature: Signature, evidence: Detection['evidence']): Detection {
  const place = signature.at < 0 ? null : signature.at;
  const mark = typeof signature.bytes === 'string' ? signature.bytes : String.fromCharCode(...signature.bytes);
  return unreadable(signature.id, signature.title, signature.explanation, signature.advice, [
    ...evidence,
    { label: 'The mark found', value: quote(Uint8Array.from(mark, (letter) => letter.charCodeAt(0))), at: place },
  ]);
}

function unknown(evidence: Detection['evidence']): Detection {
  return unreadable(
    'unknown',
    'no disc image that Isoscope knows',
    'There is no volume descriptor where a disc has one, and the first bytes belong to no format known here.',
    [
      'If it should be a disc image, compare its size and checksum with those where you got it, and download it again.',
      'If it has companions (.cue, .mds, .ccd, .001), they may say what it is.',
    ],
    evidence,
  );
}

function rawSectors(evidence: Detection['evidence']): Detection {
  return unreadable(
    'raw',
    'a raw copy of a CD’s sectors',
    'Each sector carries its sync pattern, address and checksums (2,352 bytes in place of 2,048).',
    ['If a .cue, .ccd or .mds file came with it, choose them together: it says which tracks there are.'],
    evidence,
  );
}

function holds(signature: Signature, head: Uint8Array, tail: Uint8Array, size: number): boolean {
  const [bytes, at] = signature.at < 0 ? [tail, tail.length + signature.at] : [head, signature.at];
  if (at < 0 || (signature.at < 0 && size < -signature.at)) return false;
  const mark = signature.bytes;
  if (at + mark.length > bytes.length) return false;
  for (let index = 0; index < mark.length; index++) {
    const wanted = typeof mark === 'string' ? mark.charCodeAt(index) : mark[index];
    if (bytes[at + index] !== wanted) return false;
  }
  return true;
}

/** Sync pattern of a raw sector (ECMA-130 14.1). */
function isRaw(head: Uint8Array): boolean {
  return head.length >= 16 && head[0] === 0 && head[11] === 0 && head.subarray(1, 11).every((byte) => byte === 0xff);
}

function holdsCdMark(head: Uint8Array): boolean {
  if (head.length < FIRST_DESCRIPTOR + 6) return false;
  const mark = String.fromCharCode(...head.subarray(FIRST_DESCRIPTOR + 1, FIRST_DESCRIPTOR + 6));
  return mark === 'CD001' || mark === 'BEA01';
}

/** Offset of the mark of UDF in the volume recognition sequence (ECMA-167 2/8.3, 3/9.1); -1 without. */
function udfMark(head: Uint8Array): number {
  for (let at = FIRST_DESCRIPTOR; at + 6 <= head.length; at += 2048) {
    if (/^NSR0[23]$/.test(String.fromCharCode(...head.subarray(at + 1, at + 6)))) return at;
  }
  return -1;
}

function udf(evidence: Detection['evidence']): Detection {
  return unreadable(
    'udf',
    'a damaged UDF disc',
    'The volume recognition sequence names UDF, the file system of DVDs, Blu-rays and Windows discs, but nothing leads to its directories.',
    ['Copy or download the image again. The report says which places are damaged.'],
    evidence,
  );
}

/** IsoDraw publishes no mark; its binary drawings carry the program's name near their beginning. */
function isIsoDraw(head: Uint8Array): boolean {
  return /isodraw/i.test(String.fromCharCode(...head.subarray(0, ISODRAW_HEAD)));
}

function isoDraw(evidence: Detection['evidence']): Detection {
  return unreadable(
    'isodraw',
    'an Arbortext IsoDraw drawing',
    'Technical drawings made with IsoDraw end in .iso too; they have nothing to do with discs.',
    ['Open it with PTC Arbortext IsoDraw, or ask its sender for a PDF or SVG.'],
    evidence,
  );
}

/** A master boot record, with or without GPT behind it: boot mark 55 AA, and entries that make sense. */
function partitionTable(head: Uint8Array): Signature | null {
  if (head.length < 520 || head[510] !== 0x55 || head[511] !== 0xaa) return null;
  const gpt = String.fromCharCode(...head.subarray(512, 520)) === 'EFI PART';
  let used = 0;
  for (let at = 446; at < 510; at += 16) {
    const status = head[at] as number;
    if (status !== 0 && status !== 0x80) return gpt ? diskImage('gpt', 'GPT') : null;
    if (head[at + 4] !== 0) used++;
  }
  if (gpt) return diskImage('gpt', 'GPT');
  // A bare FAT volume ends its boot sector with the same mark, and has text where the table would be.
  return used > 0 && !/FAT|NTFS/.test(String.fromCharCode(...head.subarray(3, 90))) ? diskImage('mbr', 'MBR') : null;
}

function diskImage(id: string, table: string): Signature {
  return {
    id,
    title: `a disk image with partitions (${table})`,
    at: id === 'gpt' ? 512 : 446,
    bytes: '',
    explanation: 'It is the image of a whole disk or stick: partitions, but no disc file system.',
    advice: ['7-Zip opens it. To use it, write it to a stick as it is (dd, Rufus, balenaEtcher), or attach it to a virtual machine.'],
  };
}

/** Text of some kind: a web page that was saved in place of the download is the usual case. */
function textual(head: Uint8Array, size: number): Omit<Detection, 'evidence'> | null {
  const sample = head.subarray(0, 4096);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
  } catch {
    return null;
  }
  // eslint-disable-next-line no-control-regex -- control characters are what text does not hold
  if (text.trim() === '' || /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return null;
  if (/^\s*(<!doctype html|<html|<head|<\?xml[^>]*>\s*<html|<body)/i.test(text)) {
    return {
      id: 'html',
      title: 'a web page',
      readable: false,
      explanation: 'The download link gave a page instead of the file: often an error, a log-in or a “download starts soon” page.',
      advice: [
        'Open the page’s address in the browser, log in if it asks, and download the image again.',
        'If a download manager fetched it, give it the direct link.',
      ],
    };
  }
  const explanation = `It holds readable text${size <= 4096 ? '' : ' from its beginning'}, not a disc.`;
  const xml = /^\s*<\?xml/.test(text);
  if (/^\s*(FILE\s+".*"|FILE\s+\S+\s+BINARY|REM |CATALOG )/im.test(text) && /TRACK\s+\d+/i.test(text)) {
    return {
      id: 'cue',
      title: 'a CUE sheet',
      readable: false,
      explanation: 'It only lists the tracks of a raw CD image; the disc itself is in the BIN file it names.',
      advice: ['Choose the CUE sheet and the files it names together.'],
    };
  }
  if (/^\s*\d{1,2}\s*[\r\n]+(\s*\d{1,2}\s+\d+\s+[04]\s+\d{4}\s+\S.*[\r\n]*){2}/.test(text)) {
    return {
      id: 'gdi',
      title: 'a GDI sheet',
      readable: false,
      explanation: 'It only lists the tracks of a Dreamcast disc; they lie in the files that it names.',
      advice: ['Open the last data track by itself (usually track03): it holds the file system.'],
    };
  }
  return {
    id: xml ? 'xml' : 'text',
    title: xml ? 'an XML text' : 'a text file',
    readable: false,
    explanation,
    advice: ['Open it with a text editor to see what it says: it may be an error message or a checksum.'],
  };
}

/** Whether the whole file seems zero: probes spread over it, so that a large file costs no more. */
async function isZeros(source: ByteSource, signal?: AbortSignal): Promise<boolean> {
  const step = Math.max(ZERO_PROBE_BYTES, Math.floor(source.size / ZERO_PROBES));
  for (let at = 0; at < source.size; at += step) {
    const bytes = await source.read(at, Math.min(ZERO_PROBE_BYTES, source.size - at), signal);
    if (!zeroUntil(bytes, bytes.length)) return false;
  }
  return true;
}

function zeroUntil(bytes: Uint8Array, end: number): boolean {
  for (let at = 0; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** Any other well-known kind, by the file-type library, loaded only for this. */
async function byLibrary(head: Uint8Array): Promise<Omit<Detection, 'evidence'> | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  if (!type) return null;
  return {
    id: type.ext,
    title: `a ${type.ext.toUpperCase()} file`,
    readable: false,
    explanation: `Its first bytes are those of ${type.mime}, not of a disc.`,
    advice: [`Give it the ending .${type.ext} and open it with a program for such files.`],
  };
}

/** The first bytes as a person reads them: letters where they are letters, hex where not. */
function quote(bytes: Uint8Array): string {
  const part = bytes.subarray(0, EVIDENCE_BYTES);
  const letters = String.fromCharCode(...part).replace(/[^\x20-\x7e]/g, '·');
  const numbers = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${numbers}  ${letters}`;
}
