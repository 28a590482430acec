/**
 * Hold a lock until this worker ends, and tell its name: who is granted the same lock knows that the worker is gone,
 * which no event says (it was killed, or ended itself). Null where there are no locks.
 */
export async function holdLifeline(): Promise<string | null> {
  const { locks } = navigator as Partial<Pick<WorkerNavigator, 'locks'>>;
  if (!locks) return null;
  const name = `isoscope-worker-${crypto.randomUUID()}`;
  await new Promise<void>((held, refused) => {
    const forEver = (): Promise<never> => {
      held();
      return new Promise(() => undefined);
    };
    locks.request(name, forEver).catch(refused);
  });
  return name;
}
