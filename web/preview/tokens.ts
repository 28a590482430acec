/** A piece of a row and what it is ("keyword", "string", ...; empty for plain text). */
export type Token = readonly [text: string, scope: string];

/** Rows to be highlighted: `continues` says that a row goes on in the line of the one before. */
export interface HighlightRequest {
  readonly id: number;
  readonly language: string;
  readonly rows: readonly { readonly text: string; readonly continues: boolean }[];
}

export interface HighlightAnswer {
  readonly id: number;
  /** Tokens of each row; null where it could not be done. */
  readonly rows: readonly (readonly Token[])[] | null;
}
