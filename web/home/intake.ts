import type { TakeShared } from '../../worker/protocol/share.ts';
import { fileOf } from '../handles.ts';

/** What the system hands an installed page when a file is opened with it (Chromium). */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemHandle[] }) => void): void;
}

/** Files that the system opens with the installed page, now and later. */
export function takeLaunched(open: (files: File[]) => void, failed: (error: unknown) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    const handles = files.filter((handle): handle is FileSystemFileHandle => handle.kind === 'file');
    if (handles.length > 0) Promise.all(handles.map(fileOf)).then(open, failed);
  });
}

/** Files that another program has just shared: the service worker has them. */
export function takeShared(open: (files: File[]) => void): void {
  if (location.search !== '?shared') return;
  // A page that is loaded again has nothing to take.
  history.replaceState(history.state, '', location.pathname + location.hash);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<File[]>) => {
    port1.close();
    open(data);
  };
  navigator.serviceWorker?.controller?.postMessage({ kind: 'take-shared' } satisfies TakeShared, [port2]);
}

/** The files that a paste brings; none where text is pasted into a field. */
export function pastedFiles(event: ClipboardEvent): File[] {
  return [...(event.clipboardData?.files ?? [])];
}
