import { ROOT, type EntryId, type ViewId } from '../../worker/protocol/entry.ts';
import { Unsupported } from '../../worker/protocol/errors.ts';
import type { ImagePart } from '../../worker/protocol/partition.ts';
import type { ListRequest, SavePlanSummary, SaveRequest } from '../../worker/protocol/save.ts';
import type { Session } from '../session.svelte.ts';

/** One named stream of an entry, by its index in the entry's details. */
export interface StreamWish {
  readonly view: ViewId;
  readonly entry: EntryId;
  readonly index: number;
}

/** What is to be saved, so that it can be planned again: later, or in a worker that was started anew. */
export interface Order {
  readonly session: Session;
  /** Null for a stream, and for the whole image as a plain one. */
  readonly request: SaveRequest | null;
  readonly stream: StreamWish | null;
  /** A part of the image; undefined for what is no part of it, or for all of it. */
  readonly part?: ImagePart;
  readonly list?: ListRequest;
  /** The session of the disc that the entries are of. */
  readonly number: number;
  /** The life of the worker that numbers the entries so. */
  readonly life: number;
  /** The entries by path, for another worker; null until they were asked for. */
  paths: readonly string[] | null;
}

type Wish = Pick<Order, 'part' | 'list'> & { readonly stream?: StreamWish | null };

export function orderOf(session: Session, request: SaveRequest | null, { stream = null, ...wish }: Wish = {}): Order {
  return { session, request, stream, ...wish, number: session.overview?.session ?? 1, life: session.life, paths: null };
}

/** Whether two orders are of the same things in the same form, as far as that can be told without comparing all entries. */
export function sameOrder(a: Order, b: Order): boolean {
  const key = ({ session, request, stream, part, list }: Order): string =>
    JSON.stringify([
      session.id,
      stream,
      part,
      ...[request, list].map((of) => of && { ...of, entries: [of.entries.length, of.entries[0]] }),
    ]);
  return key(a) === key(b);
}

/** Plan an order, or plan it again. */
export async function planOf(order: Order): Promise<SavePlanSummary> {
  const { session, request, stream, part, list } = order;
  await session.revived;
  const { inspector } = session;
  if ((session.overview?.session ?? 1) !== order.number) {
    throw new Unsupported('session-left', `Session ${order.number} of the disc is not open any more: choose it again, then save.`);
  }
  if (stream) {
    const [found = stream.entry] = await entriesOf(order, { view: stream.view, entries: Uint32Array.of(stream.entry) });
    return inspector.planStream(stream.view, found, stream.index);
  }
  if (list) return inspector.planList({ ...list, entries: await entriesOf(order, list) });
  if (!request) return inspector.planImage(part);
  return inspector.plan({ ...request, entries: await entriesOf(order, request) });
}

/** The entries by the numbers that the worker of now gives them. */
async function entriesOf({ session, life, paths }: Order, { view, entries }: Pick<SaveRequest, 'view' | 'entries'>): Promise<Uint32Array> {
  if (life === session.life) return entries;
  if (!paths) throw new Unsupported('paths-lost', 'The image had to be opened anew meanwhile: choose again what to save.');
  return session.inspector.find(view, paths);
}

/** Ask by which paths the entries are to be found again, while the worker that knows is there. */
export async function rememberPaths(order: Order): Promise<void> {
  const { request, list, stream, session } = order;
  const wanted = request ?? list ?? (stream && { view: stream.view, entries: Uint32Array.of(stream.entry) });
  if (!wanted || order.paths || order.life !== session.life) return;
  if (wanted.entries[0] === ROOT) order.paths = ['/'];
  else order.paths = await session.inspector.paths(wanted.view, wanted.entries);
}
