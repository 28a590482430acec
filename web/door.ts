/** What a further door of the worker is opened of. */
interface Now<Inspector> {
  readonly inspector: Inspector;
  readonly session: number | undefined;
}

/** Opens a further door of a worker with the first question, and anew for another worker or session of the disc. */
export function door<Inspector, Door>(now: () => Now<Inspector>, open: (now: Now<Inspector>) => Promise<Door>): () => Promise<Door> {
  let opened: (Now<Inspector> & { readonly door: Promise<Door> }) | null = null;
  return () => {
    const { inspector, session } = now();
    if (opened?.inspector !== inspector || opened.session !== session) opened = { inspector, session, door: open({ inspector, session }) };
    return opened.door;
  };
}
