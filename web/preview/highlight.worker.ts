// Highlights texts away from the page. It sees strings and gives strings: what they are is never HTML.
import hljs from 'highlight.js/lib/core';
import type { Emitter } from 'highlight.js';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import dos from 'highlight.js/lib/languages/dos';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import makefile from 'highlight.js/lib/languages/makefile';
import markdown from 'highlight.js/lib/languages/markdown';
import perl from 'highlight.js/lib/languages/perl';
import powershell from 'highlight.js/lib/languages/powershell';
import python from 'highlight.js/lib/languages/python';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import type { HighlightAnswer, HighlightRequest, Token } from './tokens.ts';

const LANGUAGES = { bash, c, cpp, css, diff, dos, ini, javascript, json, makefile, markdown, perl, powershell, python, xml, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** Takes what the highlighter finds as a flat list of tokens. */
class TokenList implements Emitter {
  readonly tokens: (readonly [string, string])[] = [];
  readonly #scopes: string[] = [];

  addText(text: string): void {
    if (text !== '') this.tokens.push([text, this.#scopes.at(-1) ?? '']);
  }
  startScope(name: string): void {
    this.#scopes.push(name);
  }
  endScope(): void {
    this.#scopes.pop();
  }
  // The highlighter calls these too, by older names that its types do not list.
  openNode(name: string): void {
    this.startScope(name);
  }
  closeNode(): void {
    this.endScope();
  }
  __addSublanguage(emitter: TokenList): void {
    this.tokens.push(...emitter.tokens);
  }
  finalize(): void {
    return;
  }
  toHTML(): string {
    return '';
  }
}
hljs.configure({ __emitter: TokenList });

function highlight({ language, rows }: HighlightRequest): Token[][] {
  const text = rows.map((row, index) => (index === 0 || row.continues ? '' : '\n') + row.text).join('');
  const result = hljs.highlight(text, { language, ignoreIllegals: true }) as unknown as { _emitter: TokenList; errorRaised?: Error };
  // What failed on the way is half a text.
  if (result.errorRaised) throw result.errorRaised;
  const found = result._emitter.tokens;
  const answer: Token[][] = rows.map(() => []);
  let row = 0;
  /** Characters of the row that are still to come; the line end before a row is none of its own. */
  let left = rows[0]?.text.length ?? 0;
  for (const [piece, scope] of found) {
    for (let at = 0; at < piece.length;) {
      while (left === 0 && row + 1 < rows.length) {
        row++;
        left = rows[row]?.text.length ?? 0;
        if (!rows[row]?.continues) at++;
      }
      const length = Math.min(left, piece.length - at);
      if (length <= 0) break;
      answer[row]?.push([piece.slice(at, at + length), scope]);
      at += length;
      left -= length;
    }
  }
  return answer;
}

addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
  let rows: HighlightAnswer['rows'] = null;
  try {
    rows = highlight(data);
  } catch {
    // A grammar that fails leaves the text plain.
  }
  postMessage({ id: data.id, rows } satisfies HighlightAnswer);
});
