import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareSums, neededSums, parseSums } from './sums.ts';

const MD5 = '5d41402abc4b2a76b9719d911017c592';
const SHA1 = 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d';
const SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const SHA512 =
  '9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043';
const OTHER = '0'.repeat(64);
const brief = (text: string, list?: string): unknown =>
  parseSums(text, list).map(({ value, algorithms, name }) => [value, algorithms.join(), name]);

describe('a text of checksums', () => {
  it.each([
    [`${SHA256}  disc.iso\n`, [[SHA256, 'sha256,blake3', 'disc.iso']]],
    [`${SHA256} *disc.iso\r\n`, [[SHA256, 'sha256,blake3', 'disc.iso']]],
    [`${MD5}\tiso/disc.iso`, [[MD5, 'md5', 'iso/disc.iso']]],
    [`\\${MD5}  back\\\\slash\\nline.iso`, [[MD5, 'md5', 'back\\slash\nline.iso']]],
    [`SHA256 (disc (1).iso) = ${SHA256}`, [[SHA256, 'sha256', 'disc (1).iso']]],
    [`SHA2-256(disc.iso)= ${SHA256}`, [[SHA256, 'sha256', 'disc.iso']]],
    [`# disc.iso: 12 bytes\nSHA512 (disc.iso) = ${SHA512}\n`, [[SHA512, 'sha512', 'disc.iso']]],
    [`BLAKE2b (disc.iso) = ${SHA512}`, [[SHA512, 'blake2b', 'disc.iso']]],
    [`BLAKE3 (disc.iso) = ${SHA256}`, [[SHA256, 'blake3', 'disc.iso']]],
    [`SHA256: ${SHA256.toUpperCase()}`, [[SHA256, 'sha256', null]]],
    [`sha256:${SHA256}`, [[SHA256, 'sha256', null]]],
    [` ${SHA1} `, [[SHA1, 'sha1', null]]],
    [`disc.iso: ${SHA1}`, [[SHA1, 'sha1', 'disc.iso']]],
    [`2cf2 4dba 5fb0 a30e 26e8 3b2a c5b9 e29e\n1b16 1e5c 1fa7 425e 7304 3362 938b 9824`, [[SHA256, 'sha256,blake3', null]]],
    [`SHA256 hash of disc.iso:\n${SHA256}\nCertUtil: -hashfile command completed successfully.`, [[SHA256, 'sha256', null]]],
    [`SHA256          ${SHA256.toUpperCase()}       C:\\isos\\disc.iso`, [[SHA256, 'sha256', 'C:\\isos\\disc.iso']]],
    ['nothing of the kind', []],
    ['', []],
    [SHA256.slice(1), []],
  ])('%j', (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  it('is told apart by the name of its file where values are of one length', () => {
    expect(brief(`${SHA512}  disc.iso`, 'B2SUMS')).toEqual([[SHA512, 'blake2b', 'disc.iso']]);
    expect(brief(`${SHA512}  disc.iso`, 'SHA512SUMS')).toEqual([[SHA512, 'sha512', 'disc.iso']]);
    expect(brief(`${SHA256}  disc.iso`, 'disc.iso.sha256')).toEqual([[SHA256, 'sha256', 'disc.iso']]);
  });

  it('in a signature’s wrapper is what was signed, nothing before and nothing behind', () => {
    const text = `${OTHER}  before.iso
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

- ${SHA256}  dashed.iso
SHA256 (disc.iso) = ${SHA256}
-----BEGIN PGP SIGNATURE-----

iQIz${OTHER}
${OTHER}  behind.iso
-----END PGP SIGNATURE-----`;
    expect(parseSums(text).map(({ name, line }) => [name, line])).toEqual([
      ['dashed.iso', 5],
      ['disc.iso', 6],
    ]);
  });

  it.skipIf(spawnSync('b2sum', ['--version']).error !== undefined)('is understood as the tools write it, plain and tagged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'isoscope-sums-'));
    try {
      writeFileSync(join(folder, 'a b.iso'), 'hello');
      for (const [tool, algorithm] of [
        ['md5sum', 'md5'],
        ['sha1sum', 'sha1'],
        ['sha256sum', 'sha256'],
        ['sha512sum', 'sha512'],
        ['b2sum', 'blake2b'],
      ] as const)
        // prettier-ignore
        for (const options of [[], ['--tag'], ['-b']]) {
          const text = execFileSync(tool, [...options, 'a b.iso'], { cwd: folder }).toString();
          const [sum, more] = parseSums(text, `${tool}s`);
          expect([sum?.name, sum?.algorithms, more], text).toEqual(['a b.iso', [algorithm], undefined]);
        }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of a million characters without a sum takes no time', () => {
    const began = performance.now();
    const lines = [
      'a '.repeat(500_000),
      '('.repeat(500_000),
      `a${' '.repeat(500_000)}b`,
      `MD5 (${') = '.repeat(100_000)}`,
      `${MD5}${' '.repeat(500_000)}`,
    ];
    expect(parseSums(lines.join('\n')).length).toBe(1);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('an image', () => {
  const list = parseSums(`${OTHER}  other.iso\n${SHA256}  disc.iso\n`, 'SHA256SUMS');

  it('is compared with the line that has its name', () => {
    expect(compareSums(list, 'disc.iso', { sha256: SHA256 })).toMatchObject({
      state: 'right',
      by: 'name',
      algorithm: 'sha256',
      published: { line: 2 },
    });
    expect(compareSums(list, 'other.iso', { sha256: SHA256 })).toMatchObject({ state: 'wrong', by: 'name', published: { line: 1 } });
    expect(compareSums(list, 'DISC.ISO', { sha256: SHA256 })).toMatchObject({ state: 'right', by: 'name' });
  });

  it('that was renamed is found by its value', () => {
    const found = compareSums(list, 'disc (1).iso', { sha256: SHA256 });
    expect(found).toMatchObject({ state: 'right', by: 'value', published: { name: 'disc.iso' } });
    expect(found.sentence).toContain('only the name is another');
    expect(compareSums(list, 'disc (1).iso', { sha256: '1'.repeat(64) })).toMatchObject({ state: 'absent', by: null });
  });

  it('is compared with the only value there is', () => {
    const only = parseSums(SHA256);
    expect(compareSums(only, 'x.iso', { sha256: OTHER, blake3: SHA256 })).toMatchObject({
      state: 'right',
      by: 'only',
      algorithm: 'blake3',
    });
    expect(compareSums(only, 'x.iso', { sha256: OTHER, blake3: OTHER })).toMatchObject({ state: 'wrong', by: 'only' });
    expect(compareSums(parseSums(''), 'x.iso', {})).toMatchObject({ state: 'none' });
  });

  it('needs only the sums that its own lines have', () => {
    const both = parseSums(`MD5 (other.iso) = ${MD5}\nSHA512 (disc.iso) = ${SHA512}`);
    expect(neededSums(both, 'disc.iso')).toEqual(['sha512']);
    expect(neededSums(both, 'unknown.iso')).toEqual(['md5', 'sha512']);
  });

  it('is wrong where one of its lines is, though another agrees', () => {
    const both = parseSums(`MD5 (disc.iso) = ${MD5}\nSHA256 (disc.iso) = ${OTHER}`);
    expect(compareSums(both, 'disc.iso', { md5: MD5, sha256: SHA256 })).toMatchObject({ state: 'wrong', algorithm: 'sha256' });
  });
});
