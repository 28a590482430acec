import { PAGES, type PageId } from './page-list.ts';

/** What the keys of the whole window do; those of lists are with the lists. */
export interface WindowActions {
  readonly open: () => void;
  readonly save: () => void;
  readonly zip: () => void;
  readonly saveAs: () => void;
  readonly filter: () => void;
  /** Search the image by name. */
  readonly search?: () => void;
  readonly details: () => void;
  readonly keys: () => void;
  readonly copy: (paths: boolean) => void;
  readonly travel: (step: -1 | 1) => void;
  /** Show one of the image's pages. */
  readonly page?: (page: PageId) => void;
  /** Type a place to go to. */
  readonly goTo?: () => void;
}

/** Panes in the order of F6: what carries data-pane and is on screen. */
function nextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  // A pane in which nothing can take the focus (a status bar without a job) is passed over.
  for (let far = 1; far <= panes.length; far++) {
    const pane = panes[(((at + step * far) % panes.length) + panes.length) % panes.length];
    const target =
      pane?.querySelector<HTMLElement>('[role="row"][tabindex="0"], [role="treeitem"][tabindex="0"]') ??
      pane?.querySelector<HTMLElement>('[tabindex="0"], button:not(:disabled), input') ??
      pane;
    target?.focus();
    if (pane?.contains(document.activeElement)) return;
  }
}

/** Whether keys are meant for a field there. */
export const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.matches('input:not([type="radio"]), textarea') || target.isContentEditable);

type Act = (actions: WindowActions, event: KeyboardEvent) => boolean;

const done = (act: () => void) => {
  act();
  return true;
};

/** True where the browser's own copy of selected text is meant. */
const hasText = () => {
  // What is selected in a field one has left is no range of the page.
  const selection = getSelection();
  return selection !== null && selection.rangeCount > 0 && !selection.getRangeAt(0).collapsed;
};

const WITH_COMMAND: Readonly<Record<string, Act>> = {
  o: (actions) => done(actions.open),
  s: (actions, event) => done(event.shiftKey ? actions.saveAs : actions.save),
  e: (actions) => done(actions.zip),
  f: (actions) => done(actions.search ?? actions.filter),
  i: (actions) => done(actions.details),
  g: ({ goTo }) => goTo !== undefined && done(goTo),
  c: (actions, event) => !isTyping(event.target) && !hasText() && done(() => actions.copy(event.shiftKey)),
};

const PLAIN: Readonly<Record<string, Act>> = {
  F3: (actions) => done(actions.search ?? actions.filter),
  F6: (_, event) => done(() => nextPane(event.shiftKey ? -1 : 1)),
  '/': (actions, event) => !isTyping(event.target) && done(actions.filter),
  '?': (actions, event) => !isTyping(event.target) && done(actions.keys),
};

/** Keys of the whole window; nothing while a dialog is open. */
export function windowKey(event: KeyboardEvent, actions: WindowActions): void {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
  let taken = false;
  if (event.ctrlKey || event.metaKey) {
    const act = event.altKey ? undefined : WITH_COMMAND[event.key.toLowerCase()];
    taken = (act && (!event.shiftKey || 'cs'.includes(event.key.toLowerCase())) && act(actions, event)) ?? false;
  } else if (event.altKey) {
    const page = PAGES.find(({ code }) => code === event.code)?.id;
    if (page && actions.page) taken = (actions.page(page), true);
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null;
    if (step !== null && !isTyping(event.target)) taken = done(() => actions.travel(step));
  } else {
    taken = PLAIN[event.key]?.(actions, event) ?? false;
  }
  if (taken) event.preventDefault();
}
