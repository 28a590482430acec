import type { ExistingFiles, ListFormat, SavePlanSummary, SaveRequest } from '../../worker/protocol/save.ts';
import { count, counted, holding, size } from '../figures.ts';
import { orderOf, type Order } from './order.ts';
import type { Session } from '../session.svelte.ts';
import { ROOT } from '../../worker/protocol/entry.ts';
import type { Choices, Damaged, Form } from './usual.ts';

/** True for a list of entries instead of the entries. */
export const isList = (form: Form): form is ListFormat => form === 'csv' || form === 'json' || form === 'sha256';

export interface FormText {
  readonly form: Form;
  readonly title: string;
  readonly note: string;
}

/** The forms that files leave in, and the lists. */
export const FORMS: readonly FormText[] = [
  { form: 'file', title: 'File', note: 'The file as it is.' },
  { form: 'folder', title: 'Folder', note: 'Files and folders, written where you choose.' },
  { form: 'zip', title: 'ZIP', note: 'One file that every system opens.' },
  { form: 'tar', title: 'TAR', note: 'Keeps links, owners and modes.' },
  { form: 'tgz', title: 'TAR.GZ', note: 'The same, compressed.' },
];
export const LISTS: readonly FormText[] = [
  { form: 'csv', title: 'CSV', note: 'A table of names, sizes, dates and places.' },
  { form: 'json', title: 'JSON', note: 'The same for programs, with every extent.' },
  { form: 'sha256', title: 'SHA256SUMS', note: 'A text with the SHA-256 checksum of each file, to compare copies by. Reads every file.' },
];

export const COMPRESSIONS: readonly { readonly value: SaveRequest['compression']; readonly title: string }[] = [
  { value: 'stored', title: 'None, at the speed of the disk' },
  { value: 'fast', title: 'Fast' },
  { value: 'small', title: 'Small, takes longer' },
];

export const EXISTING: readonly { readonly value: ExistingFiles; readonly title: string; readonly note: string }[] = [
  { value: 'keep-both', title: 'Keep both', note: 'What is saved gets a number: name (2).' },
  { value: 'skip', title: 'Skip', note: 'What is there stays, and only the rest is saved.' },
  { value: 'different', title: 'If different', note: 'Replace a file only where its size or bytes differ.' },
  { value: 'replace', title: 'Replace', note: 'What is there is written over.' },
];

export const DAMAGED: readonly { readonly value: Damaged; readonly title: string }[] = [
  { value: 'leave-out', title: 'Leave them out' },
  { value: 'partial', title: 'Save what is there, named .partial' },
  { value: 'zeros', title: 'Save anyway, with zeros for what is missing' },
];

/** Said of a folder of many files. */
export const ARCHIVE_HINT = 'Browsers check each file that they write: so many are saved faster as one archive.';

/** What a plan holds, as the disc has it: a link that becomes a text is a link. */
export const planned = ({ files, links, linkTexts, devices }: SavePlanSummary): string =>
  holding(files - linkTexts, links + linkTexts, devices);

/** What the button does, in words: "Save 12 files as ZIP…". */
export function actionOf(form: Form, plan: SavePlanSummary | null): string {
  if (form === 'file') return 'Save the file…';
  if (!plan) return 'Save…';
  const files = planned(plan);
  if (form === 'folder') return `Save ${files} into a folder…`;
  if (form === 'sha256') return `Save checksums of ${counted(plan.files, 'file')}…`;
  const { title = '' } = [...FORMS, ...LISTS].find((each) => each.form === form) ?? {};
  return isList(form) ? `Save the list as ${title}…` : `Save ${files} as ${title}…`;
}

/** What will come of it: "ISO_DISC.zip, 12 files, 4.24 GiB exactly." */
export function outcomeOf(form: Form, plan: SavePlanSummary): string {
  if (form === 'csv' || form === 'json')
    return `${plan.name}: ${planned(plan)} and ${counted(plan.directories, 'directory', 'directories')} listed.`;
  const held = `${planned(plan)}, ${size(plan.bytes)}`;
  if (form === 'folder') return `${held}, in ${counted(plan.directories, 'directory', 'directories')}.`;
  if (form === 'sha256')
    return `${plan.name}: a line for each of ${counted(plan.files, 'file')}, as sha256sum -c reads it. ${size(plan.bytes)} will be read.`;
  return plan.size === null
    ? `${plan.name}: ${held} before compression.`
    : `${plan.name}: ${held}, as a file of ${counted(plan.size, 'byte')}.`;
}

/** What a folder cannot keep: "12 dates, 1 link (saved as text)"; empty where that is nothing. */
export function notKept({ folder }: SavePlanSummary): string {
  if (!folder) return '';
  const { times, modes, links, devices } = folder.lost;
  return [
    times > 0 ? counted(times, 'date') : '',
    modes > 0 ? `permissions and owners of ${count(modes)}` : '',
    links > 0 ? `${counted(links, 'link')} (saved as text)` : '',
    devices > 0 ? counted(devices, 'device') : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What will not be kept, in sentences; empty where that is nothing. */
export function lossesOf(plan: SavePlanSummary): string {
  const lost = notKept(plan);
  const inFolder = lost ? `A folder cannot keep ${lost}: a list of them is put beside the files. A TAR keeps them.` : '';
  const { streams } = plan;
  const named = streams > 0 ? `${counted(streams, 'named stream')} will not be saved: each can be saved from the details of its file.` : '';
  return [inFolder, named].filter((part) => part !== '').join(' ');
}

/** What is selected (all, where nothing is) as an order. */
export function chosenOrder(session: Session, { form, compression, damaged }: Choices, hidden: boolean): Order {
  const { view, selection } = session;
  if (view === null) throw new RangeError('no view is open');
  const ids = selection.ids();
  const entries = ids.length > 0 ? ids : Uint32Array.of(ROOT);
  if (isList(form)) return orderOf(session, null, { list: { view, entries, hidden, list: form } });
  const request: SaveRequest = {
    view,
    entries,
    format: form,
    compression: form === 'tgz' && compression === 'stored' ? 'fast' : compression,
    partial: damaged === 'partial',
    ...(damaged === 'zeros' ? { holes: 'zeros' } : {}),
    hidden,
  };
  return orderOf(session, request);
}
