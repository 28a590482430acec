import { expect, test } from 'vitest';
import { fileKind } from './file-kind.ts';

test('a file kind comes from the extension, whatever its case', () => {
  expect(fileKind('SETUP.EXE')).toEqual({ label: 'Program', family: 'exe' });
  expect(fileKind('install.wim')).toEqual({ label: 'Windows image', family: 'img' });
});

test('a version after the semicolon is not part of the extension', () => {
  expect(fileKind('README.TXT;1').label).toBe('Text');
});

test('names that carry a version are known by their beginning', () => {
  expect(fileKind('vmlinuz-6.8.0-41-generic').label).toBe('Linux kernel');
  expect(fileKind('vmlinuz-6.8.0').label).toBe('Linux kernel');
  expect(fileKind('libc.so.6').label).toBe('Library');
});

test('an unknown extension is named, no extension is a file', () => {
  expect(fileKind('a.xyz').label).toBe('XYZ file');
  expect(fileKind('.profile').label).toBe('File');
  expect(fileKind('constructor').label).toBe('File');
  expect(fileKind('').label).toBe('File');
});
