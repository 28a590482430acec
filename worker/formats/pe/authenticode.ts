import { hexOf } from '../../bytes/hex.ts';
import { createSHA1, createSHA256 } from 'hash-wasm';
import { Block } from '../../bytes/block.ts';
import { derElement, derElements, derOid, derText, type DerElement } from '../../bytes/der.ts';
import type { EfiSignature } from '../../protocol/boot.ts';
import { streamByReads, type ByteSource } from '../../source/source.ts';
import type { PeHeaders } from './headers.ts';

/** Signatures of one file, and bytes of all of them; shim has two. */
const MAX_SIGNATURES = 8;
const MAX_TABLE = 1024 * 1024;
const SIGNED_DATA = 2; // WIN_CERT_TYPE_PKCS_SIGNED_DATA
const OIDS = { signedData: '1.2.840.113549.1.7.2', commonName: '2.5.4.3', sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' };
const ALGORITHMS: Readonly<Record<string, string>> = { [OIDS.sha1]: 'sha1', [OIDS.sha256]: 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512' }; // prettier-ignore

/** The hash of a PE file that is signed: of all but its checksum, the place of its signatures, and these (Authenticode, "Calculating the PE image hash"). */
export async function authenticodeHash(
  source: ByteSource,
  headers: PeHeaders,
  algorithm: 'sha1' | 'sha256',
  signal?: AbortSignal,
): Promise<string> {
  const hash = await (algorithm === 'sha1' ? createSHA1() : createSHA256());
  const { checksumAt, directoryAt, certificates } = headers;
  const end = certificates?.offset ?? source.size;
  const parts: readonly (readonly [number, number])[] = [
    [0, checksumAt],
    [checksumAt + 4, directoryAt],
    [directoryAt + 8, end],
    [certificates ? certificates.offset + certificates.length : end, source.size],
  ];
  let summed = 0;
  for (const [from, to] of parts) {
    if (to <= from) continue;
    for await (const chunk of streamByReads(source, from, to - from, signal)) hash.update(chunk);
    summed += to - from;
  }
  // What is signed has a multiple of eight bytes.
  const over = (source.size - (certificates?.length ?? 0)) % 8;
  if (over > 0 && summed > 0) hash.update(new Uint8Array(8 - over));
  return hash.digest();
}

/** The signatures of a PE file, as they name themselves: no chain is checked. */
export async function readSignatures(source: ByteSource, headers: PeHeaders, signal?: AbortSignal): Promise<EfiSignature[]> {
  const { certificates } = headers;
  if (!certificates) return [];
  const length = Math.min(certificates.length, MAX_TABLE);
  const table = new Block(await source.read(certificates.offset, length, signal), certificates.offset);
  const signatures: EfiSignature[] = [];
  for (let at = 0; at + 8 <= table.length && signatures.length < MAX_SIGNATURES;) {
    const size = table.u32le(at);
    if (size < 8 || at + size > table.length) break;
    const read = table.u16le(at + 6) === SIGNED_DATA ? readSignedData(table.part(at + 8, size - 8)) : null;
    if (read) {
      const hashed = read.algorithm === 'sha1' || read.algorithm === 'sha256';
      const own = hashed ? await authenticodeHash(source, headers, read.algorithm, signal) : null;
      signatures.push({ ...read, matches: own === null ? null : own === read.digest });
    }
    at += (size + 7) & ~7;
  }
  return signatures;
}

/** Signer and digest of a PKCS #7 SignedData that holds an SpcIndirectDataContent (RFC 2315 9.1, Authenticode). */
function readSignedData(bytes: Uint8Array): Omit<EfiSignature, 'matches'> | null {
  const outer = derElement(bytes);
  const [type, wrapped] = outer ? derElements(outer) : [];
  if (!type || !wrapped || derOid(type) !== OIDS.signedData) return null;
  const signed = derElement(wrapped.contents);
  if (!signed) return null;
  const parts = derElements(signed);
  const content = parts[2] && derElements(parts[2])[1];
  const indirect = content && derElement(content.contents);
  const digestInfo = indirect && derElements(indirect)[1];
  const [algorithm, digest] = digestInfo ? derElements(digestInfo) : [];
  const oid = algorithm && derElements(algorithm)[0];
  if (!digest || !oid) return null;
  const held = parts.find(({ tag }) => tag === 0xa0);
  const certificates = held ? derElements(held).map(readCertificate) : [];
  const signers = parts.at(-1);
  const signer = signers && derElements(signers)[0];
  const issued = signer && derElements(signer)[1];
  const serial = issued && derElements(issued)[1];
  const wanted = serial ? hexOf(serial.contents) : '';
  const own = certificates.find((certificate) => certificate?.serial === wanted);
  return {
    signer: own?.subject ?? '',
    issuer: own?.issuer ?? (issued ? nameOf(derElements(issued)[0]) : ''),
    serial: wanted,
    chain: certificates.flatMap((certificate) => (certificate ? [certificate.subject] : [])),
    algorithm: ALGORITHMS[derOid(oid)] ?? derOid(oid),
    digest: hexOf(digest.contents),
  };
}

function readCertificate(element: DerElement): { readonly serial: string; readonly subject: string; readonly issuer: string } | null {
  const [body] = derElements(element);
  if (!body) return null;
  // The version, if it is there, stands before the serial number (RFC 5280 4.1).
  const fields = derElements(body).filter(({ tag }) => tag !== 0xa0);
  const [serial, , issuer, , subject] = fields;
  return serial && issuer && subject ? { serial: hexOf(serial.contents), subject: nameOf(subject), issuer: nameOf(issuer) } : null;
}

/** The common name of a distinguished name; empty without one. */
function nameOf(name: DerElement | undefined): string {
  for (const set of name ? derElements(name) : [])
    for (const pair of derElements(set)) {
      const [type, value] = derElements(pair);
      if (type && value && derOid(type) === OIDS.commonName) return derText(value);
    }
  return '';
}
