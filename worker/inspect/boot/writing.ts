import type { BootVerdicts, WritingAdvice, WritingStep } from '../../protocol/boot.ts';

/** What the advice depends on. */
interface Wanted {
  /** File name of the image, as the commands take it. */
  readonly name: string;
  readonly boots: BootVerdicts;
  /** Label that the stick must have, for its loader to find it; empty where any will do. */
  readonly label: string;
  /** Paths of files that are too large for FAT32. */
  readonly largeFiles: readonly string[];
}

/**
 * How to write an image so that it starts a machine, with the programs that come with each system or that everybody uses
 * there. The ways, the easiest first: bit by bit to a stick, its files on a FAT32 stick, burnt on a disc.
 */
export function writingAdvice(wanted: Wanted): WritingAdvice[] {
  const can = (...ways: string[]): boolean => wanted.boots.ways.some(({ way, answer }) => ways.includes(way) && answer === 'yes');
  const advice: WritingAdvice[] = [];
  const raw = can('bios-stick', 'uefi-stick');
  const copied = wanted.boots.ways.find(({ way }) => way === 'uefi-copied');
  if (raw) advice.push(...rawCopy(wanted.name));
  else if (copied?.answer === 'yes') advice.push(...filesOnFat(wanted));
  else if (copied?.code === 'file-over-4-gib') advice.push(...splitOnFat(wanted));
  else if (can('bios-disc', 'uefi-disc')) advice.push(converted());
  if (can('bios-disc', 'uefi-disc')) advice.push(...burning(wanted.name));
  return advice;
}

const step = (text: string, command = ''): WritingStep => ({ text, command });
const onStick = (system: WritingAdvice['system'], title: string, ...steps: WritingStep[]): WritingAdvice => ({
  system,
  medium: 'stick',
  title,
  steps,
});
const onDisc = (system: WritingAdvice['system'], title: string, ...steps: WritingStep[]): WritingAdvice => ({
  system,
  medium: 'disc',
  title,
  steps,
});

/** Its image is a stick already: to be copied as it is, over all that the stick holds. */
function rawCopy(name: string): WritingAdvice[] {
  const file = shellQuoted(name);
  return [
    onStick(
      'windows',
      'Windows: Rufus',
      step('Start Rufus (rufus.ie), choose the stick and the image, and press Start.'),
      step('Where it asks, choose “Write in DD Image mode”: the image is copied bit by bit, as its maker meant it.'),
    ),
    onStick(
      'macos',
      'macOS: Terminal',
      step('Find the stick in the list: its size tells it.', 'diskutil list external'),
      step(
        'Write to it, with its number in the place of N. All that it held is lost.',
        `diskutil unmountDisk /dev/diskN && sudo dd if=${file} of=/dev/rdiskN bs=4m`,
      ),
      step('Take it out.', 'diskutil eject /dev/diskN'),
    ),
    onStick(
      'linux',
      'Linux: terminal',
      step('Find the stick in the list: its size and maker tell it.', 'lsblk -o NAME,SIZE,VENDOR,MODEL,MOUNTPOINTS'),
      step(
        'Write to it, with its letter in the place of X: the whole stick, no partition of it. All that it held is lost.',
        `sudo dd if=${file} of=/dev/sdX bs=4M conv=fsync status=progress`,
      ),
    ),
  ];
}

/** UEFI starts from a FAT32 stick that has the disc's files. */
function filesOnFat({ name, label }: Wanted): WritingAdvice[] {
  const called = label === '' ? 'ISO' : label;
  const named = label === '' ? '' : `, with “${label}” as its label: the loader looks for that`;
  return [
    onStick(
      'windows',
      'Windows: Explorer',
      step(`Format the stick as FAT32${named}.`),
      step('Double-click the image (it opens as a drive), and copy all of it to the stick, hidden files too.'),
    ),
    onStick(
      'macos',
      'macOS: Terminal',
      step('Find the stick in the list: its size tells it.', 'diskutil list external'),
      step(
        'Format it, with its number in the place of N. All that it held is lost.',
        `diskutil eraseDisk MS-DOS ${shellQuoted(called)} GPT diskN`,
      ),
      step('Open the image.', `hdiutil attach -mountpoint /tmp/image ${shellQuoted(name)}`),
      step('Copy its files.', `cp -R /tmp/image/. ${shellQuoted(`/Volumes/${called}`)}`),
    ),
    onStick(
      'linux',
      'Linux: terminal',
      step(
        'Make one FAT32 partition on the stick, with its letter in the place of X. All that it held is lost.',
        `sudo parted -s /dev/sdX mklabel gpt mkpart stick fat32 1MiB 100% set 1 esp on && sudo mkfs.vfat -F 32 -n ${shellQuoted(called)} /dev/sdX1`,
      ),
      step(
        'Copy the files.',
        `sudo mount /dev/sdX1 /mnt && sudo bsdtar -xf ${shellQuoted(name)} -C /mnt --no-same-owner && sudo umount /mnt`,
      ),
    ),
  ];
}

/** As the one before, but a file has to be made smaller first. */
function splitOnFat({ largeFiles }: Wanted): WritingAdvice[] {
  const wim = largeFiles.find((path) => /\.wim$/i.test(path));
  const windows = onStick(
    'windows',
    'Windows: Rufus',
    step(
      'Start Rufus (rufus.ie), choose the stick and the image, leave all as it is, and press Start: it makes an NTFS stick that UEFI starts, so that no file is too large.',
    ),
  );
  if (wim === undefined) return [windows];
  const split = wim.replace(/^\//, '').replace(/\.wim$/i, '.swm');
  const others = (system: 'macos' | 'linux', title: string, from: string, to: string): WritingAdvice =>
    onStick(
      system,
      title,
      step(
        'Format the stick as FAT32, and copy all files of the disc but the one that is too large.',
        `rsync -r --exclude=${shellQuoted(wim)} ${from}/ ${to}/`,
      ),
      step(
        'Write that one in parts (wimlib; Setup takes them as one).',
        `wimlib-imagex split ${shellQuoted(from + wim)} ${shellQuoted(`${to}/${split}`)} 3800`,
      ),
    );
  return [
    windows,
    others('macos', 'macOS: Terminal', '/Volumes/IMAGE', '/Volumes/STICK'),
    others('linux', 'Linux: terminal', '/mnt/image', '/mnt/stick'),
  ];
}

/** It starts from a disc alone; a program can make a stick of that. */
const converted = (): WritingAdvice =>
  onStick(
    'windows',
    'A stick: Rufus or Ventoy',
    step('The image was made for discs: copied bit by bit, a stick does not start.'),
    step('Rufus (rufus.ie, Windows) makes a stick of it with a loader of its own, where the disc’s loader is one that it knows.'),
    step('Or make a Ventoy stick (ventoy.net, Windows and Linux), and copy the image file onto it.'),
  );

function burning(name: string): WritingAdvice[] {
  const file = shellQuoted(name);
  return [
    onDisc('windows', 'Windows: a disc', step('Right-click the image, and choose “Burn disc image”.')),
    onDisc('macos', 'macOS: a disc', step('Burn it.', `hdiutil burn ${file}`)),
    onDisc('linux', 'Linux: a disc', step('Burn it.', `xorriso -as cdrecord -v dev=/dev/sr0 blank=as_needed ${file}`)),
  ];
}

/** One word of a POSIX shell, whatever it holds. A name that begins with a dash is no option. */
export function shellQuoted(text: string): string {
  const word = text.startsWith('-') ? `./${text}` : text;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
