import { elementAt, readXml, textAt, type XmlElement } from '../../bytes/xml.ts';
import type { WimImageReport, WimReport } from '../../protocol/identity.ts';
import type { ByteSource } from '../../source/source.ts';
import { readWimHeader, type WimHeader } from './header.ts';

/** Bytes of XML that are read: Windows' own have 20 to 120 KiB. */
const MAX_XML = 4 * 1024 * 1024;
/** Systems that are told. */
const MAX_IMAGES = 256;
const MAX_LANGUAGES = 256;

/** Processors by the number that Windows gives them (SYSTEM_INFO, wProcessorArchitecture). */
const ARCHITECTURES: Readonly<Record<string, string>> = { 0: 'x86', 5: 'arm', 6: 'ia64', 9: 'x64', 12: 'arm64' };

/** What a Windows image says of itself: header and XML (MS-WIM 1.1); null where it is none. */
export async function readWim(source: ByteSource, signal?: AbortSignal): Promise<Omit<WimReport, 'view' | 'path' | 'offset'> | null> {
  const header = await readWimHeader(source, signal);
  if (!header) return null;
  const { xml: _place, ...told } = header;
  const xml = await readImages(source, header, signal);
  const [images, problem] = typeof xml === 'string' ? [[], xml] : [xml, ''];
  return { ...told, size: source.size, images, problem };
}

/** The systems that the XML tells, or why that is not told. */
async function readImages(source: ByteSource, { xml }: WimHeader, signal?: AbortSignal): Promise<WimImageReport[] | string> {
  if (xml.compressed) return 'Its XML is compressed, which no writer does.';
  if (xml.length === 0 || !(xml.offset + xml.length <= source.size)) return 'Its XML does not lie in the file.';
  if (xml.length > MAX_XML) return `Its XML has ${xml.length.toLocaleString('en')} bytes, which is too much to be true.`;
  const bytes = await source.read(xml.offset, xml.length & ~1, signal);
  const root = readXml(new TextDecoder('utf-16le').decode(bytes));
  const wim = root && elementAt(root, 'WIM');
  if (!wim) return 'Its XML cannot be read: it is damaged or encrypted.';
  return wim.children
    .filter(({ name }) => name === 'IMAGE')
    .slice(0, MAX_IMAGES)
    .map(readImage);
}

function readImage(image: XmlElement): WimImageReport {
  const windows = elementAt(image, 'WINDOWS') ?? { name: '', attributes: '', text: '', children: [] };
  const version = elementAt(windows, 'VERSION');
  const arch = textAt(windows, 'ARCH');
  return {
    index: Number(/INDEX="(\d{1,9})"/.exec(image.attributes)?.[1] ?? 0),
    name: textAt(image, 'NAME'),
    description: textAt(image, 'DESCRIPTION'),
    displayName: textAt(image, 'DISPLAYNAME'),
    displayDescription: textAt(image, 'DISPLAYDESCRIPTION'),
    directories: numberAt(image, 'DIRCOUNT'),
    files: numberAt(image, 'FILECOUNT'),
    bytes: numberAt(image, 'TOTALBYTES'),
    architecture: arch === '' ? '' : (ARCHITECTURES[arch] ?? `number ${arch}`),
    productName: textAt(windows, 'PRODUCTNAME'),
    edition: textAt(windows, 'EDITIONID'),
    installationType: textAt(windows, 'INSTALLATIONTYPE'),
    languages: (elementAt(windows, 'LANGUAGES')?.children ?? [])
      .filter(({ name }) => name === 'LANGUAGE')
      .slice(0, MAX_LANGUAGES)
      .map(({ text }) => text.trim()),
    defaultLanguage: textAt(windows, 'LANGUAGES', 'DEFAULT'),
    version: version && {
      major: numberAt(version, 'MAJOR') ?? 0,
      minor: numberAt(version, 'MINOR') ?? 0,
      build: numberAt(version, 'BUILD') ?? 0,
      spBuild: numberAt(version, 'SPBUILD') ?? 0,
      spLevel: numberAt(version, 'SPLEVEL') ?? 0,
    },
  };
}

/** A whole number below 2^53; null where there is none. */
function numberAt(element: XmlElement, name: string): number | null {
  const text = textAt(element, name);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}
