import type { BootReport, RevocationCheck, RevokedLoader } from '../../protocol/boot.ts';
import { ImageError } from '../../protocol/errors.ts';
import { hexOf } from '../../bytes/hex.ts';

/** EFI_CERT_SHA256_GUID and EFI_CERT_X509_GUID as they are stored (UEFI 2.10, 32.4.1). */
const SHA256 = '2616c4c14c509240aca941f936934328';
const X509 = 'a159c0a5e494a74a87b5ab155c2bf072';
/** Type of the certificate in an authenticated variable: EFI_CERT_TYPE_PKCS7_GUID (UEFI 2.10, 8.2.2). */
const PKCS7 = '9dd2af4adf68ee498aa9347d375665a7';
/** EFI_TIME before the certificate. */
const TIME_SIZE = 16;
/** Header of an EFI_SIGNATURE_LIST, and the owner before each signature. */
const LIST_HEADER = 28;
const OWNER_SIZE = 16;
/** Bytes that a list may have: Microsoft's have 30 KiB. */
export const MAX_LIST = 16 * 1024 * 1024;

/** What a revocation list names. */
export interface Revocations {
  /** SHA-256 of programs as Authenticode hashes them, in hexadecimal. */
  readonly hashes: ReadonlySet<string>;
  /** How many certificates it revokes. */
  readonly certificates: number;
}

/**
 * Read a revocation list of Secure Boot: a dbx as firmware gives it (UEFI 2.10, 32.4.1), the signed update of it (8.2.2), or a
 * text that names hashes (Microsoft's dbx_info.json, a CSV). Throws ImageError where it is none of these.
 */
export function readRevocations(bytes: Uint8Array): Revocations {
  if (bytes.length > MAX_LIST) throw new ImageError('dbx-size', 'This file is too large for a revocation list.', null, 'UEFI 32.4.1');
  const lists = signatureLists(bytes, beginningOf(bytes));
  if (lists) return lists;
  const text = new TextDecoder().decode(bytes);
  const hashes = new Set(Array.from(text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi), ([hash]) => hash.toLowerCase()));
  if (hashes.size > 0) return { hashes, certificates: 0 };
  throw new ImageError(
    'dbx-unknown',
    'This is no revocation list: neither signature lists nor hashes were found in it.',
    null,
    'UEFI 32.4.1',
  );
}

/** Where the lists begin: after the signature of an update. efivarfs puts four bytes of attributes before all. */
function beginningOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length > TIME_SIZE + 24 && hexOf(bytes.subarray(TIME_SIZE + 8, TIME_SIZE + 24)) === PKCS7)
    return TIME_SIZE + view.getUint32(TIME_SIZE, true);
  const type = (at: number): string => hexOf(bytes.subarray(at, at + 16));
  return [SHA256, X509].includes(type(4)) ? 4 : 0;
}

/** Null where the bytes are no signature lists to their end. */
function signatureLists(bytes: Uint8Array, begin: number): Revocations | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hashes = new Set<string>();
  let certificates = 0;
  let at = begin;
  while (at + LIST_HEADER <= bytes.length) {
    const type = hexOf(bytes.subarray(at, at + 16));
    const [listSize, headerSize, signatureSize] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const end = at + listSize;
    if (listSize < LIST_HEADER + headerSize || end > bytes.length || signatureSize <= OWNER_SIZE) return null;
    for (let one = at + LIST_HEADER + headerSize; one + signatureSize <= end; one += signatureSize) {
      if (type === SHA256) hashes.add(hexOf(bytes.subarray(one + OWNER_SIZE, one + OWNER_SIZE + 32)));
      else if (type === X509) certificates++;
    }
    at = end;
  }
  return at === bytes.length && hashes.size + certificates > 0 ? { hashes, certificates } : null;
}

/** Which of an image's loaders a list revokes. */
export function checkRevocations({ loaders }: BootReport, { hashes, certificates }: Revocations): RevocationCheck {
  const revoked: RevokedLoader[] = [];
  let unknown = 0;
  for (const { path, volume, hash } of loaders) {
    if (hash === null) unknown++;
    else if (hashes.has(hash)) revoked.push({ path, volume });
  }
  return { hashes: hashes.size, certificates, revoked, unknown, checked: loaders.length - unknown };
}
