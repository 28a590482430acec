// The licences of the libraries that are in the page, from their own packages: dist/licences.json.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Folder of a package -> what its metadata and its licence file say. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} names no licence`);
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  return { name, version, licence: license, text: file ? readFileSync(join(folder, file), 'utf8').trim() : '' };
}

/** Plugins for vite.config.ts: `part` for each part that is built by itself, `page` for the page, which is written last. */
export function licences() {
  const folders = new Set();
  const part = {
    name: 'licences-part',
    generateBundle(_, bundle) {
      for (const { moduleIds = [] } of Object.values(bundle)) {
        for (const id of moduleIds) {
          const folder = PACKAGE.exec(id.replace(/^\0/, ''))?.[1];
          if (folder && existsSync(join(folder, 'package.json'))) folders.add(folder);
        }
      }
    },
  };
  const page = {
    ...part,
    name: 'licences',
    writeBundle({ dir }) {
      const list = [...folders].map(licenceOf).sort((a, b) => (a.name < b.name ? -1 : 1));
      writeFileSync(join(dir, 'licences.json'), JSON.stringify(list));
    },
  };
  return { part, page };
}
