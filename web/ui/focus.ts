/** Where the focus goes when what had it is gone: the list, else the tab of what is shown, else what opens an image. */
const HOMES = ['[role="grid"] [role="row"][tabindex="0"]', '[role="grid"]', '[aria-current="page"]', 'main button', 'button'];

/** Put the focus where the work is, if nothing has it. */
export function focusHome(): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  for (const home of HOMES) {
    document.querySelector<HTMLElement>(home)?.focus({ preventScroll: true });
    if (document.activeElement !== document.body) return;
  }
}
