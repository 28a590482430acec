// The usual way: all entries sent to the page as objects, by structured clone. They are made beforehand.
interface Row {
  readonly entry: number;
  readonly name: string;
  readonly kind: string;
  readonly size: number;
  readonly modified: number;
  readonly offset: number;
  readonly presence: string;
  readonly hidden: boolean;
  readonly associated: boolean;
}

let rows: Row[] = [];

self.addEventListener('message', ({ data }: MessageEvent<number>) => {
  if (data > 0) {
    rows = Array.from({ length: data }, (_, entry) => ({
      entry,
      name: `entry_${String(entry).padStart(6, '0')}.txt`,
      kind: 'file',
      size: 20,
      modified: 1_700_000_000_000 + entry,
      offset: 2048 * entry,
      presence: 'whole',
      hidden: false,
      associated: false,
    }));
    self.postMessage('ready');
  } else self.postMessage(rows);
});
