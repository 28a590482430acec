import type { Finding, Severity } from '../protocol/finding.ts';

/** Equal findings (severity and code) kept one by one; later ones only raise the last one's count. */
const MAX_PER_CODE = 50;

/** Findings of one reading, bounded however many an image provokes. */
export class Findings {
  readonly #list: { -readonly [K in keyof Finding]: Finding[K] }[] = [];
  readonly #perCode = new Map<string, { kept: number; last: number }>();
  readonly totals = { note: 0, warning: 0, damage: 0 };

  add(severity: Severity, code: string, at: number | null, spec: string, detail: string): void {
    this.totals[severity]++;
    const key = `${severity} ${code}`;
    const seen = this.#perCode.get(key);
    if (seen && seen.kept >= MAX_PER_CODE) {
      const last = this.#list[seen.last];
      if (last) last.count++;
      return;
    }
    this.#list.push({ severity, code, at, spec, detail, count: 1 });
    this.#perCode.set(key, { kept: (seen?.kept ?? 0) + 1, last: this.#list.length - 1 });
  }

  get list(): readonly Finding[] {
    return this.#list;
  }
  get damaged(): boolean {
    return this.totals.damage > 0;
  }
}
