import type { ViewId } from './entry.ts';

/** Where something stands that tells what a disc is: a file of a view, a place in the image, or both. */
export interface EvidenceSource {
  /** The view that the path is of; null without a path. */
  readonly view: ViewId | null;
  readonly path: string | null;
  /** Absolute offset in bytes; null where a file has no place of its own. */
  readonly offset: number | null;
}

/** One thing that the disc says of itself. */
export interface Evidence extends EvidenceSource {
  /** "Release", "Made with": the field's name. */
  readonly label: string;
  /** What stands there, quoted or in a few words. */
  readonly fact: string;
}

/** One system in a Windows image, by its XML. What the image does not say is empty or null. */
export interface WimImageReport {
  readonly index: number;
  readonly name: string;
  readonly description: string;
  readonly displayName: string;
  readonly displayDescription: string;
  readonly directories: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
  /** "x86", "x64", "arm64". */
  readonly architecture: string;
  readonly productName: string;
  readonly edition: string;
  /** "Client", "Server", "WindowsPE". */
  readonly installationType: string;
  readonly languages: readonly string[];
  readonly defaultLanguage: string;
  readonly version: {
    readonly major: number;
    readonly minor: number;
    readonly build: number;
    readonly spBuild: number;
    readonly spLevel: number;
  } | null;
}

/** A Windows image: its header, and the systems that its XML tells. */
export interface WimReport extends EvidenceSource {
  readonly size: number;
  /** 0x10d00 for a WIM, 0xe00 for one with solid resources (ESD). */
  readonly version: number;
  /** 16 bytes in hexadecimal. */
  readonly guid: string;
  readonly compression: 'none' | 'XPRESS' | 'LZX' | 'LZMS' | 'unknown';
  readonly chunkSize: number;
  /** Part of how many, where the image is split. */
  readonly part: number;
  readonly parts: number;
  readonly imageCount: number;
  /** Index of the image that is started; 0 for none. */
  readonly bootIndex: number;
  readonly solid: boolean;
  readonly integrity: boolean;
  readonly images: readonly WimImageReport[];
  /** Why its XML is not told, a plain sentence; empty where it is. */
  readonly problem: string;
}

/** The program that wrote an image, by its traces. */
export interface WriterReport {
  /** "xorriso 1.5.4". */
  readonly name: string;
  /** Its command line, where it left that behind. */
  readonly commandLine: string;
}

/** What an image fits on. */
export interface MediumFit {
  /** Sectors of 2,048 bytes, or of a CD's 2,352. */
  readonly sectors: number;
  /** The smallest usual disc that holds it: "CD 700"; null where none does. */
  readonly disc: string | null;
  /** A smaller disc that holds it only when written beyond its nominal end; null for none. */
  readonly overburn: string | null;
  /** The smallest usual stick, in decimal gigabytes; null where none of them holds it. */
  readonly stick: number | null;
}

/** The answer to "What is it?". */
export interface IdentityReport {
  /** A stable word: `linux`, `windows`, `dvd-video`, `data`, ... */
  readonly kind: string;
  /** For a title: "Debian GNU/Linux 12.7.0 netinst, amd64"; empty where the disc does not say what it is. */
  readonly title: string;
  /** One plain sentence. */
  readonly sentence: string;
  /** Machines that it is for, as it names them itself: "amd64", "x64", "aa64". */
  readonly architectures: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly wims: readonly WimReport[];
  /** Null where it left no trace that is known. */
  readonly writer: WriterReport | null;
  readonly medium: MediumFit;
}
