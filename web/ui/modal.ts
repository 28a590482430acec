import { trail } from '../trail.ts';
import { focusHome } from './focus.ts';

/** Opens the browser's modal dialog: focus, Esc and inertness are its. Back closes it too, and the focus goes where it was. */
export function modal(onclose: () => void) {
  return (dialog: HTMLDialogElement): (() => void) => {
    const before = document.activeElement;
    dialog.showModal();
    const uncover = trail.cover(() => onclose());
    return () => {
      uncover();
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus({ preventScroll: true });
      else focusHome();
    };
  };
}
