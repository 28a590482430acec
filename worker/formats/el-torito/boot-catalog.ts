import type { Block } from '../../bytes/block.ts';
import { zeroEndedText } from '../../bytes/text.ts';
import type { BootCatalogReport } from '../../protocol/boot.ts';
import type { Findings } from '../findings.ts';

/** Bytes of every entry of the catalog (El Torito 2.0). */
export const CATALOG_ENTRY = 32;
/** Boot images that are listed; discs have one to four. */
export const MAX_BOOT_ENTRIES = 64;

/** Emulation by the media type's low four bits (El Torito 2.2). */
export const EMULATIONS = ['no-emulation', 'floppy-1.2', 'floppy-1.44', 'floppy-2.88', 'hard-disk'] as const;

/** One boot image as the catalog names it (El Torito 2.2, 2.4). */
export interface CatalogEntry {
  /** Absolute offset of the entry in the image. */
  readonly at: number;
  readonly platform: number;
  readonly bootable: boolean;
  readonly media: number;
  readonly loadSegment: number;
  readonly systemType: number;
  readonly loadSectors: number;
  readonly lba: number;
  /** Identifier of the section's header; empty for the default entry (El Torito 2.3). */
  readonly section: string;
  /** Kind of selection criteria, 0 for none (El Torito 2.4). */
  readonly criteria: number;
}

/** What the validation entry says (El Torito 2.1). */
export interface ValidationEntry {
  readonly platform: number;
  readonly maker: string;
  readonly state: BootCatalogReport['validation'];
}

/** The first entry of a catalog; where it is none, a PC's is assumed. */
export function readValidationEntry(block: Block): ValidationEntry {
  if (block.u8(0) !== VALIDATION || block.u16be(30) !== 0x55aa) return { platform: 0, maker: '', state: 'missing' };
  return { platform: block.u8(1), maker: zeroEndedText(block.part(4, 24)), state: checksum(block) === 0 ? 'right' : 'wrong' };
}

const VALIDATION = 1;
const BOOTABLE = 0x88;
const NOT_BOOTABLE = 0;
const EXTENSION = 0x44;
const MORE_HEADERS = 0x90;
const LAST_HEADER = 0x91;

/** All boot images of a catalog; a wrong checksum or count is a finding, and reading goes on (El Torito 2.0). */
export function readBootCatalog(block: Block, findings: Findings): CatalogEntry[] {
  const entries: CatalogEntry[] = [];
  const validation = readValidationEntry(block);
  if (validation.state === 'missing')
    findings.add(
      'warning',
      'boot-catalog-validation',
      block.base,
      'El Torito 2.1',
      'The boot catalog does not begin with a validation entry.',
    );
  else if (validation.state === 'wrong')
    findings.add(
      'warning',
      'boot-catalog-checksum',
      block.base,
      'El Torito 2.1',
      'The checksum of the boot catalog is wrong; it was read all the same.',
    );
  let { platform } = validation;
  let section = '';
  let expected = 1;
  let lastHeader = false;
  for (let at = CATALOG_ENTRY; at + CATALOG_ENTRY <= block.length; at += CATALOG_ENTRY) {
    const id = block.u8(at);
    if (id === EXTENSION) continue; // selection criteria only (El Torito 2.5)
    if (id === MORE_HEADERS || id === LAST_HEADER) {
      if (expected > 0 && entries.length > 0) shortSection(block.base + at, findings);
      if (lastHeader) break;
      platform = block.u8(at + 1);
      expected = block.u16le(at + 2);
      section = zeroEndedText(block.part(at + 4, 28));
      lastHeader = id === LAST_HEADER;
      continue;
    }
    if (expected === 0) {
      // A further bootable entry without a section header: no known writer makes one (only the test does); listed all the same.
      if (id !== BOOTABLE || lastHeader || block.u32le(at + 8) === 0) break;
      findings.add(
        'warning',
        'boot-catalog-headless',
        block.base + at,
        'El Torito 2.3',
        'A boot image follows the default entry without the header of a section; it was listed.',
      );
      expected = 1;
    }
    const empty = id === NOT_BOOTABLE && block.u32le(at + 8) === 0;
    if ((id !== BOOTABLE && id !== NOT_BOOTABLE) || empty) {
      // The default entry may be left empty where only sections matter.
      if (at > CATALOG_ENTRY) shortSection(block.base + at, findings);
      if (at > CATALOG_ENTRY) break;
      expected--;
      continue;
    }
    if (entries.length === MAX_BOOT_ENTRIES) {
      findings.add(
        'warning',
        'boot-catalog-length',
        block.base + at,
        'El Torito 2.0',
        `The boot catalog names more than ${MAX_BOOT_ENTRIES} images; the rest is left out.`,
      );
      break;
    }
    expected--;
    entries.push({
      at: block.base + at,
      platform,
      bootable: id === BOOTABLE,
      media: block.u8(at + 1) & 15,
      loadSegment: block.u16le(at + 2),
      systemType: block.u8(at + 4),
      loadSectors: block.u16le(at + 6),
      lba: block.u32le(at + 8),
      section,
      // The default entry has no criteria: its last bytes are unused.
      criteria: at > CATALOG_ENTRY ? block.u8(at + 12) : 0,
    });
  }
  return entries;
}

function shortSection(at: number, findings: Findings): void {
  findings.add('warning', 'boot-catalog-section', at, 'El Torito 2.3', 'A section of the boot catalog holds fewer entries than it says.');
}

/** All 16-bit words of the validation entry add up to zero (El Torito 2.1). */
function checksum(block: Block): number {
  let sum = 0;
  for (let at = 0; at < CATALOG_ENTRY; at += 2) sum += block.u16le(at);
  return sum & 0xffff;
}
