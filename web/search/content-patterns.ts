import type { Pattern } from '../../worker/protocol/preview.ts';
import { textPatterns } from '../bytes/places.ts';

/** How a text stands in files: `any` of UTF-8 and UTF-16 in both orders, or one of them. */
export type TextForm = 'any' | 'utf-8' | 'utf-16' | 'latin-1';

/** The bytes of a text in a form; none where the form has no such letters. */
export function contentPatterns(text: string, form: TextForm, anyCase: boolean): readonly Pattern[] {
  const all = textPatterns(text, anyCase);
  if (form === 'latin-1') {
    const codes = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
    return text !== '' && codes.every((code) => code < 256) ? [{ bytes: Uint8Array.from(codes), anyCase }] : [];
  }
  return form === 'any' ? all : form === 'utf-8' ? all.slice(0, 1) : all.slice(1);
}
