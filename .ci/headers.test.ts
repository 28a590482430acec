import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

/** Name and value of every header, the page's and the service worker's. */
const headers = [...read('public/_headers').matchAll(/^ {2}([\w-]+): (.+)$/gm)].map(([, name, value]) => [name, value] as const);

it.each(headers)('the header %s of public/_headers stands in docs/security.md for nginx and Apache: %s', (name, value) => {
  const text = read('docs/security.md');
  expect(text).toContain(`add_header ${name} "${value}" always;`);
  expect(text).toContain(`Header always set ${name} "${value}"`);
});
