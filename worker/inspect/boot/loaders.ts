import type { EfiLoaderReport, EfiSignature, SecureBootAuthority } from '../../protocol/boot.ts';
import { ImageError } from '../../protocol/errors.ts';
import { describeOne } from '../../catalog/describe.ts';
import { pathOf } from '../../catalog/path.ts';
import { authenticodeHash, readPeHeaders, readSbat, readSignatures, type PeHeaders } from '../../formats/pe/index.ts';
import type { ByteSource } from '../../source/source.ts';
import type { View } from '../view.ts';
import { identifyProgram } from './programs.ts';

/** Programs of all trees that are looked at, and bytes of them: a small disc can name one of its files a thousand times. */
const MAX_LOADERS = 64;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_SBAT = 16 * 1024;
/** What firmware starts by itself (UEFI 3.5.1.1). */
const STARTS = /^\/efi\/boot\/boot(x64|ia32|aa64|arm|ia64|riscv64|loongarch64)\.efi$/i;
const CANDIDATE = /^\/(?:efi\/.*|boot\/.*|[^/]*)\.efi(?:\.signed)?$|^\/bootmgr\.efi$/i;

/** Names by which certificates of Microsoft vouch for what others, and what Windows, starts with. */
const AUTHORITIES: readonly (readonly [SecureBootAuthority, RegExp])[] = [
  ['microsoft-uefi-2023', /^Microsoft UEFI CA 2023$/],
  ['microsoft-uefi-2011', /^Microsoft Corporation UEFI CA 2011$/],
  ['windows-2023', /^Windows UEFI CA 2023$/],
  ['windows-2011', /^Microsoft Windows Production PCA 2011$/],
];

/** What is left to be looked at, over all trees of a disc. */
export class LoaderBudget {
  #loaders = MAX_LOADERS;
  #bytes = MAX_BYTES;

  take(size: number): boolean {
    if (this.#loaders === 0 || size > this.#bytes) return false;
    this.#loaders--;
    this.#bytes -= size;
    return true;
  }
}

/** The EFI programs of a tree; `volume` is the offset of the EFI volume it is, null for the disc's own. */
export async function efiLoaders({ catalog, volume: tree }: View, volume: number | null, budget: LoaderBudget): Promise<EfiLoaderReport[]> {
  const loaders: EfiLoaderReport[] = [];
  for (let entry = 1; entry < catalog.count; entry++) {
    if (catalog.kind(entry) !== 'file' || catalog.presence(entry) !== 'whole') continue;
    // The name alone tells most files apart, and costs no path.
    if (!/\.efi/i.test(tree.decodeName(catalog.name(entry)))) continue;
    const path = pathOf(catalog, (bytes) => tree.decodeName(bytes), entry);
    if (!CANDIDATE.test(path) || !budget.take(catalog.size(entry))) continue;
    const record = await describeOne(tree, catalog.record(entry));
    if (record instanceof ImageError) continue;
    const loader = await readLoader(tree.open(record, path), path, volume);
    if (loader) loaders.push(loader);
  }
  return loaders;
}

async function readLoader(source: ByteSource, path: string, volume: number | null): Promise<EfiLoaderReport | null> {
  const headers = source.size > 0 ? await readPeHeaders(source) : null;
  if (!headers) return null;
  const signatures = await readSignatures(source, headers);
  const sbat = await sbatOf(source, headers);
  const program = await identifyProgram(source, 'efi');
  // GRUB's own number stands in its SBAT line: its code holds only a pattern for it.
  const version = program?.version || (program?.id === 'grub2' ? (sbat.find(({ component }) => component === 'grub')?.version ?? '') : '');
  return {
    path,
    volume,
    size: source.size,
    architecture: headers.architecture,
    starts: STARTS.test(path),
    program: program && { ...program, version },
    sbat,
    signatures,
    authorities: authoritiesOf(signatures),
    hash: await authenticodeHash(source, headers, 'sha256'),
  };
}

async function sbatOf(source: ByteSource, { sections }: PeHeaders): Promise<EfiLoaderReport['sbat']> {
  const section = sections.find(({ name }) => name === '.sbat');
  return section ? readSbat(await source.read(section.offset, Math.min(section.length, MAX_SBAT))) : [];
}

/** Who vouches for the program, the newest first. */
function authoritiesOf(signatures: readonly EfiSignature[]): SecureBootAuthority[] {
  const sound = signatures.filter(({ matches }) => matches !== false);
  const names = sound.flatMap(({ issuer, chain }) => [issuer, ...chain]);
  const known = AUTHORITIES.flatMap(([id, pattern]) => (names.some((name) => pattern.test(name)) ? [id] : []));
  return known.length > 0 || sound.length === 0 ? known : ['other'];
}
