/** How much a finding matters: a note changes nothing, a warning may, damage lost something. */
export type Severity = 'note' | 'warning' | 'damage';

/** Something seen while reading that a reader of the report should know. Plain data. */
export interface Finding {
  readonly severity: Severity;
  /** A stable word for programs, kebab-case: `both-endian-disagree`, `directory-loop`. */
  readonly code: string;
  /** Offset in bytes in the image where it was seen, null where there is no one place. */
  readonly at: number | null;
  /** The rule, as "ECMA-119 9.1.3"; empty where no standard says anything. */
  readonly spec: string;
  /** One plain sentence: what was seen, and what Isoscope did about it. */
  readonly detail: string;
  /** Path of the entry it is about, in the view it was seen in, where its place tells. */
  readonly path?: string;
  /** How often it was seen, where equal findings were folded into this one. */
  readonly count: number;
}
