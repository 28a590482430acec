/** Charsets for 8-bit names, as a person looks for them; the id is what `--charset` takes. */
export const CHARSETS = [
  { id: 'utf-8', title: 'Unicode (UTF-8)' },
  { id: 'windows-1252', title: 'Western (Latin-1, Windows-1252)' },
  { id: 'cp437', title: 'Western DOS (CP437)' },
  { id: 'cp850', title: 'Western DOS (CP850)' },
  { id: 'windows-1250', title: 'Central European (Windows-1250)' },
  { id: 'iso-8859-2', title: 'Central European (Latin-2)' },
  { id: 'windows-1251', title: 'Cyrillic (Windows-1251)' },
  { id: 'ibm866', title: 'Cyrillic DOS (CP866)' },
  { id: 'koi8-r', title: 'Cyrillic (KOI8-R)' },
  { id: 'windows-1253', title: 'Greek (Windows-1253)' },
  { id: 'windows-1254', title: 'Turkish (Windows-1254)' },
  { id: 'windows-1255', title: 'Hebrew (Windows-1255)' },
  { id: 'windows-1256', title: 'Arabic (Windows-1256)' },
  { id: 'shift_jis', title: 'Japanese (Shift-JIS)' },
  { id: 'euc-jp', title: 'Japanese (EUC-JP)' },
  { id: 'gbk', title: 'Chinese, simplified (GBK)' },
  { id: 'big5', title: 'Chinese, traditional (Big5)' },
  { id: 'euc-kr', title: 'Korean (EUC-KR)' },
  { id: 'macintosh', title: 'Western Mac (Mac Roman)' },
] as const;

export type CharsetId = (typeof CHARSETS)[number]['id'];

/** The charset of this name, its usual other names included; null for one that is not known. */
export function charsetNamed(name: string): CharsetId | null {
  const wanted = name.toLowerCase().replace(/[\s_-]/g, '');
  const id = ALIASES[wanted];
  return id ?? CHARSETS.find((charset) => charset.id.replace(/[_-]/g, '') === wanted)?.id ?? null;
}

const ALIASES: Readonly<Record<string, CharsetId>> = {
  latin1: 'windows-1252',
  iso88591: 'windows-1252',
  cp1252: 'windows-1252',
  latin2: 'iso-8859-2',
  ibm437: 'cp437',
  ibm850: 'cp850',
  cp866: 'ibm866',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  gb2312: 'gbk',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  macroman: 'macintosh',
};
