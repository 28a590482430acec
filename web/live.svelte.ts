/** What screen readers are told: a folder's name and count, a sort, a selection, a job's start and end. */
export class Announcer {
  text = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Say a sentence politely; of several in a quick row only the last is said. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // An unchanged text is not read again: a no-break space makes it new.
      this.text = this.text === text ? `${text}\u00a0` : text;
    }, 150);
  }
}
