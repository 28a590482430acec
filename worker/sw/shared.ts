/** How long files wait for the page to ask for them (milliseconds): a service worker without work is ended, and they with it. */
const PATIENCE = 30_000;

/** Files that another program shared with the page (share_target of the manifest): they wait here until it asks. Nothing is sent. */
export class Shared {
  #files: readonly File[] = [];
  #given = (): void => undefined;

  /** Answer the browser's request by leading it to the page. */
  async take(request: Request, page: string): Promise<Response> {
    const form = await request.formData();
    this.#files = form.getAll('image').filter((value) => value instanceof File);
    return Response.redirect(`${page}?shared`, 303);
  }

  /** Resolves when they were given, or nobody came. */
  waited(): Promise<void> {
    return new Promise((done) => {
      this.#given = done;
      setTimeout(done, PATIENCE);
    });
  }

  give(): readonly File[] {
    const files = this.#files;
    this.#files = [];
    this.#given();
    return files;
  }
}
