import { MediaQuery } from 'svelte/reactivity';

const phone = new MediaQuery('(max-width: 639px)');
const treeDrawer = new MediaQuery('(max-width: 899px)');
const detailsDrawer = new MediaQuery('(max-width: 1359px)');
const threePanes = new MediaQuery('(min-width: 1200px)');
const coarse = new MediaQuery('(pointer: coarse)');

/** How much room there is (README of the look: grid and breakpoints). */
export const screen = {
  get phone(): boolean {
    return phone.current;
  },
  /** The tree is a drawer. */
  get narrow(): boolean {
    return treeDrawer.current;
  },
  /** The details are a drawer. */
  get middling(): boolean {
    return detailsDrawer.current;
  },
  /** Three panes stand side by side. */
  get roomy(): boolean {
    return threePanes.current;
  },
  get touch(): boolean {
    return coarse.current || phone.current;
  },
  /** Height of a row of the list, of the tree. */
  get row(): number {
    return phone.current ? 60 : coarse.current ? 44 : 28;
  },
  get treeRow(): number {
    return coarse.current || phone.current ? 44 : 28;
  },
} as const;
