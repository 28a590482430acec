import { readXml, textAt } from '../../bytes/xml.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import type { Evidence } from '../../protocol/identity.ts';
import { evidence, oneLine, type Disc } from './disc.ts';
import { counted, type Family } from './found.ts';

/** Bytes of a control file that are read; those of DVDs have up to 300 KiB, most of it cells that are not looked at. */
const MAX_CONTROL = 512 * 1024;
const SECTOR = 2048;
/** Title sets of a DVD (DVD-Video: 1 to 99), and program chains of one that are timed. */
const MAX_SETS = 99;
const MAX_CHAINS = 200;
const STANDARDS = ['NTSC', 'PAL'];

const dvd: Family = async (disc) => {
  const path = '/VIDEO_TS/VIDEO_TS.IFO';
  const block = await disc.head(path, MAX_CONTROL);
  if (!block || block.length < 0xc8 || zeroEndedText(block.part(0, 12)) !== 'DVDVIDEO-VMG') return null;
  const table = block.u32be(0xc4) * SECTOR;
  const titles = table > 0 && table + 2 <= block.length ? Math.min(block.u16be(table), MAX_SETS) : 0;
  const sets = Math.min(block.u16be(0x3e), MAX_SETS);
  const banned = block.u8(0x23);
  const regions = [1, 2, 3, 4, 5, 6, 7, 8].filter((region) => !(banned & (1 << (region - 1))));
  const { seconds, standard } = await longestChain(disc, sets);
  const lines: Evidence[] = [
    evidence('Video', 'the manager of a DVD-Video', disc.at(path)),
    ...(titles > 0 ? [evidence('Titles', `${titles}, in ${counted(sets, 'set')}`, disc.at(path))] : []),
    ...(seconds > 0 ? [evidence('Longest', clock(seconds), disc.at(path))] : []),
    ...(standard === '' ? [] : [evidence('Picture', standard, disc.at('/VIDEO_TS/VTS_01_0.IFO'))]),
    ...(banned === 0 ? [] : [evidence('Regions', regions.join(', ') || 'none', disc.at(path))]),
    ...provider(disc, zeroEndedText(block.part(0x40, 32)), path),
  ];
  const named = oneLine(disc.label);
  return {
    kind: 'dvd-video',
    title: ['DVD-Video', named, titles > 0 ? counted(titles, 'title') : ''].filter((part) => part !== '').join(', '),
    sentence: `A DVD-Video${titles > 0 ? ` with ${counted(titles, 'title')}` : ''}${seconds > 0 ? `, the longest of ${clock(seconds)}` : ''}`,
    evidence: lines,
  };
};

const provider = (disc: Disc, text: string, path: string): Evidence[] => (text === '' ? [] : [evidence('Provider', text, disc.at(path))]);

/** Seconds of the longest program chain of the title sets, and what standard their pictures are of. */
async function longestChain(disc: Disc, sets: number): Promise<{ seconds: number; standard: string }> {
  let seconds = 0;
  let standard = '';
  for (let set = 1; set <= sets; set++) {
    const block = await disc.head(`/VIDEO_TS/VTS_${String(set).padStart(2, '0')}_0.IFO`, MAX_CONTROL);
    if (!block || block.length < 0x204 || zeroEndedText(block.part(0, 12)) !== 'DVDVIDEO-VTS') continue;
    if (standard === '') standard = STANDARDS[(block.u8(0x200) >> 4) & 3] ?? '';
    const chains = block.u32be(0xcc) * SECTOR;
    if (chains === 0 || chains + 8 > block.length) continue;
    const count = Math.min(block.u16be(chains), MAX_CHAINS);
    for (let index = 0, at = chains + 8; index < count && at + 8 <= block.length; index++, at += 8) {
      const chain = chains + block.u32be(at + 4);
      if (chain + 8 > block.length) continue;
      const [hours, minutes, rest] = [decimal(block.u8(chain + 4)), decimal(block.u8(chain + 5)), decimal(block.u8(chain + 6))];
      seconds = Math.max(seconds, hours * 3600 + minutes * 60 + rest);
    }
  }
  return { seconds, standard };
}

/** A byte of two decimal digits; 0 for one that is none. */
function decimal(byte: number): number {
  const [high, low] = [byte >> 4, byte & 15];
  return high > 9 || low > 9 ? 0 : high * 10 + low;
}

/** "1:47:32", "3:05". */
export function clock(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** Blu-ray by its index: version 3 is that of Ultra HD. */
const bluray: Family = async (disc) => {
  const path = disc.first('/BDMV/index.bdmv', '/BDMV/INDEX.BDM', '/AVCHD/BDMV/INDEX.BDM', '/PRIVATE/AVCHD/BDMV/INDEX.BDM');
  const block = path === null ? null : await disc.head(path, 64 * 1024);
  if (path === null || !block || block.length < 40 || zeroEndedText(block.part(0, 4)) !== 'INDX') return null;
  const version = zeroEndedText(block.part(4, 4));
  const indexes = block.u32be(8);
  const titles = indexes >= 40 && indexes + 30 <= block.length ? Math.min(block.u16be(indexes + 28), 999) : 0;
  const home = /avchd/i.test(path);
  const kind = home ? 'AVCHD video' : version === '0300' ? 'Ultra HD Blu-ray' : 'Blu-ray';
  const meta = '/BDMV/META/DL/bdmt_eng.xml';
  const xml = readXml((await disc.text(meta)) ?? '');
  const name = xml ? textAt(xml, 'disclib', 'di:discinfo', 'di:title', 'di:name') : '';
  const named = oneLine(name) || oneLine(disc.label);
  return {
    kind: 'blu-ray',
    title: [kind, named, titles > 0 ? counted(titles, 'title') : ''].filter((part) => part !== '').join(', '),
    sentence: `${/^[AU]/.test(kind) ? 'An' : 'A'} ${kind} disc${titles > 0 ? ` with ${counted(titles, 'title')}` : ''}`,
    evidence: [
      evidence('Video', `the index of a Blu-ray, version ${version.slice(0, 2).replace(/^0/, '')}.${version.slice(2)}`, disc.at(path)),
      ...(name === '' ? [] : [evidence('Name', name, disc.at(meta))]),
      ...(disc.has('/AACS') ? [evidence('Protection', 'encrypted with AACS', disc.at('/AACS'))] : []),
      ...(disc.has('/BDMV/JAR') && disc.names('/BDMV/JAR').length > 0 ? [evidence('Programs', 'BD-J', disc.at('/BDMV/JAR'))] : []),
    ],
  };
};

/** Video CD and Super Video CD, by INFO.VCD and INFO.SVD (White Book). */
const vcd: Family = async (disc) => {
  const path = disc.first('/VCD/INFO.VCD', '/SVCD/INFO.SVD', '/HQVCD/INFO.SVD');
  const block = path === null ? null : await disc.head(path, SECTOR);
  if (path === null || !block || block.length < 8) return null;
  const mark = zeroEndedText(block.part(0, 8));
  const kind = mark === 'VIDEO_CD' ? 'Video CD' : mark === 'SUPERVCD' || mark === 'HQ-VCD' ? 'Super Video CD' : null;
  if (kind === null) return null;
  const version = block.length < 10 ? '' : kind === 'Video CD' ? (['', ' 1.1', ' 2.0'][block.u8(8)] ?? '') : '';
  const album = block.length < 26 ? '' : zeroEndedText(block.part(10, 16));
  const folder = ['/MPEGAV', '/MPEG2'].find((each) => disc.isDirectory(each));
  const tracks = folder === undefined ? 0 : disc.names(folder).filter((name) => /\.(?:dat|mpg)$/.test(name)).length;
  return {
    kind: 'video-cd',
    title: [kind + version, album, tracks > 0 ? counted(tracks, 'track') : ''].filter((part) => part !== '').join(', '),
    sentence: `A ${kind}${version}${tracks > 0 ? ` with ${counted(tracks, 'track')}` : ''}`,
    evidence: [
      evidence('Video', `begins with “${mark}”`, disc.at(path)),
      ...(folder === undefined ? [] : [evidence('Tracks', String(tracks), disc.at(folder))]),
    ],
  };
};

/** Other discs of pictures and sound, by a file that only they have and how it begins. */
const OTHERS: readonly (readonly [path: string, begins: string, kind: string, name: string])[] = [
  ['/AUDIO_TS/AUDIO_TS.IFO', 'DVDAUDIO-AMG', 'dvd-audio', 'DVD-Audio'],
  ['/DVD_RTAV/VR_MANGR.IFO', 'DVD_RTR_VMG0', 'dvd-vr', 'DVD-VR recording'],
  ['/PHOTO_CD/INFO.PCD', 'PHOTO_CD', 'photo-cd', 'Photo CD'],
  ['/HVDVD_TS/HVI00001.IFO', '', 'hd-dvd', 'HD DVD video'],
];

const other: Family = async (disc) => {
  for (const [path, begins, kind, name] of OTHERS) {
    const block = await disc.head(path, 16);
    if (!block || block.length < begins.length || zeroEndedText(block.part(0, begins.length)) !== begins) continue;
    return {
      kind,
      title: [name, oneLine(disc.label)].filter((part) => part !== '').join(', '),
      sentence: `${name.startsWith('H') ? 'An' : 'A'} ${name} disc`,
      evidence: [evidence('Medium', begins === '' ? `files of ${name}` : `begins with “${begins}”`, disc.at(path))],
    };
  }
  return null;
};

/** Sectors of a second of sound (IEC 60908). */
const SECTORS_A_SECOND = 75;

const audio: Family = ({ image }) => {
  const tracks = image.medium.tracks.filter(({ mode }) => mode === 'audio');
  if (tracks.length === 0 || image.detection.id !== 'audio-cd') return null;
  const seconds = tracks.reduce((sum, { sectors }) => sum + sectors, 0) / SECTORS_A_SECOND;
  return {
    kind: 'audio-cd',
    title: `Audio CD, ${counted(tracks.length, 'track')}`,
    sentence: `An audio CD of ${counted(tracks.length, 'track')}, ${clock(seconds)} long`,
    evidence: tracks.map(({ number, sectors }) => evidence(`Track ${number}`, clock(sectors / SECTORS_A_SECOND))),
  };
};

/** Discs of video and sound. */
export const video: readonly Family[] = [dvd, bluray, vcd, other, audio];
