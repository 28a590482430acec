import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { writeOfflineList } from '../.ci/offline-list.mjs';
import { serve } from '../.ci/serve.mjs';
import { inFolder } from './judges.ts';

/** A host of the built page that can be switched off, and given another version. */
export interface Site {
  readonly url: string;
  stop(): void;
  start(): Promise<void>;
  /** The next version of the page: all its scripts have new names. */
  publish(version: string): void;
}

/** Serves the page in a folder of a host, as under `http://localhost:1234/some/where/`, while `work` runs. */
export function onSite(work: (site: Site) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const page = join(folder, 'some/where');
    cpSync(resolve(import.meta.dirname, '../dist'), page, { recursive: true });
    let server = await serve(0, folder);
    const { port } = server.address() as AddressInfo;
    const stop = (): void => {
      server.close();
      server.closeAllConnections();
    };
    try {
      await work({
        url: `http://localhost:${port}/some/where/`,
        stop,
        start: async () => void (server = await serve(port, folder)),
        publish: (version) => publish(page, version),
      });
    } finally {
      stop();
    }
  });
}

function publish(page: string, version: string): void {
  const assets = readdirSync(join(page, 'assets'));
  const renamed = assets.filter((name) => name.endsWith('.js')).map((name) => [name, name.replace('.js', `-${version}.js`)]);
  for (const file of ['index.html', ...assets.map((name) => `assets/${name}`)]) {
    const path = join(page, file);
    let text = readFileSync(path, 'latin1');
    for (const [from = '', to = ''] of renamed) text = text.replaceAll(from, to);
    if (file === 'index.html') text = text.replace(/<html/, `<html data-version="${version}"`);
    writeFileSync(path, text, 'latin1');
  }
  for (const [from = '', to = ''] of renamed) renameSync(join(page, 'assets', from), join(page, 'assets', to));
  writeOfflineList(page);
}
