/** The language of a text by its name's extension or its whole name, as the highlighter calls it. */
const BY_EXTENSION: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['bash', 'sh bash zsh ksh profile bashrc'],
      ['c', 'c h'],
      ['cpp', 'cpp cc cxx hpp hh java cs'],
      ['css', 'css scss less'],
      ['diff', 'diff patch'],
      ['dos', 'bat cmd'],
      ['ini', 'ini inf cfg conf cnf toml properties reg desktop service theme'],
      ['javascript', 'js mjs cjs jsx ts mts tsx'],
      ['json', 'json jsonl webmanifest'],
      ['makefile', 'mk mak'],
      ['markdown', 'md markdown mkd'],
      ['perl', 'pl pm'],
      ['powershell', 'ps1 psm1 psd1'],
      ['python', 'py pyw'],
      ['xml', 'xml html htm xhtml svg xsl xslt xsd rss plist mum manifest config'],
      ['yaml', 'yaml yml'],
    ] as const
  ).flatMap(([language, extensions]) => extensions.split(' ').map((extension) => [extension, language])),
);
const BY_NAME: Readonly<Record<string, string>> = {
  makefile: 'makefile',
  'grub.cfg': 'bash',
  'autorun.inf': 'ini',
  '.bashrc': 'bash',
  '.profile': 'bash',
};

/** The language a file is highlighted in; null for plain text. */
export function languageOf(name: string): string | null {
  const lower = name.replace(/;\d+$/, '').toLowerCase();
  const dot = lower.lastIndexOf('.');
  return BY_NAME[lower] ?? (dot < 0 ? null : (BY_EXTENSION[lower.slice(dot + 1)] ?? null));
}
