import type { WimImageReport } from '../../protocol/identity.ts';

/** Windows by its build, the newest first: what a client and a server of that build are called; empty where there is none. */
const BUILDS: readonly (readonly [build: number, client: string, server: string])[] = [
  [26200, 'Windows 11 25H2', ''],
  [26100, 'Windows 11 24H2', 'Windows Server 2025'],
  [25398, '', 'Windows Server, version 23H2'],
  [22631, 'Windows 11 23H2', ''],
  [22621, 'Windows 11 22H2', ''],
  [22000, 'Windows 11 21H2', ''],
  [20348, '', 'Windows Server 2022'],
  [19045, 'Windows 10 22H2', ''],
  [19044, 'Windows 10 21H2', ''],
  [19043, 'Windows 10 21H1', ''],
  [19042, 'Windows 10 20H2', 'Windows Server, version 20H2'],
  [19041, 'Windows 10 2004', 'Windows Server, version 2004'],
  [18363, 'Windows 10 1909', 'Windows Server, version 1909'],
  [18362, 'Windows 10 1903', 'Windows Server, version 1903'],
  [17763, 'Windows 10 1809', 'Windows Server 2019'],
  [17134, 'Windows 10 1803', 'Windows Server, version 1803'],
  [16299, 'Windows 10 1709', 'Windows Server, version 1709'],
  [15063, 'Windows 10 1703', ''],
  [14393, 'Windows 10 1607', 'Windows Server 2016'],
  [10586, 'Windows 10 1511', ''],
  [10240, 'Windows 10 1507', ''],
  [9600, 'Windows 8.1', 'Windows Server 2012 R2'],
  [9200, 'Windows 8', 'Windows Server 2012'],
  [7601, 'Windows 7 SP1', 'Windows Server 2008 R2 SP1'],
  [7600, 'Windows 7', 'Windows Server 2008 R2'],
  [6003, '', 'Windows Server 2008 SP2'],
  [6002, 'Windows Vista SP2', 'Windows Server 2008 SP2'],
  [6001, 'Windows Vista SP1', 'Windows Server 2008'],
  [6000, 'Windows Vista', ''],
];

/** "Windows 11 24H2" by the version that a Windows image tells; "Windows 10.0" for a build that is not in the list. */
export function windowsName({ version, installationType }: Pick<WimImageReport, 'version' | 'installationType'>): string {
  if (!version) return 'Windows';
  const server = /server/i.test(installationType);
  const known = BUILDS.find(([build]) => build === version.build);
  const name = known?.[server ? 2 : 1];
  if (name) return name;
  return version.major === 0 ? 'Windows' : `Windows ${server ? 'Server ' : ''}${version.major}.${version.minor}`;
}

/** "Windows 11" of "Windows 11 24H2": without the release. */
export const withoutRelease = (name: string): string => name.replace(/ (?:\d\dH\d|\d{4}|SP\d)$(?<!Server \d{4})/, '');

/** Files of no bytes, or of one line, that setup of Windows NT 4 to Server 2003 knows its disc by. */
export const NT_TAGS: readonly (readonly [tag: string, name: string])[] = [
  ['win51ap', 'Windows XP Professional x64'],
  ['win51ip', 'Windows XP Professional'],
  ['win51ic', 'Windows XP Home'],
  ['win51is', 'Windows Server 2003 Standard'],
  ['win51ia', 'Windows Server 2003 Enterprise'],
  ['win51ib', 'Windows Server 2003 Web'],
  ['win51id', 'Windows Server 2003 Datacenter'],
  ['win51il', 'Windows Small Business Server 2003'],
  ['win51', 'Windows XP'],
  ['cdrom_ip.5', 'Windows 2000 Professional'],
  ['cdrom_is.5', 'Windows 2000 Server'],
  ['cdrom_ia.5', 'Windows 2000 Advanced Server'],
  ['cdrom_nt.5', 'Windows 2000'],
  ['cdrom_w.40', 'Windows NT 4.0 Workstation'],
  ['cdrom_s.40', 'Windows NT 4.0 Server'],
];

/** Folders that hold the setup of Windows on DOS. */
export const DOS_FOLDERS: readonly (readonly [path: string, name: string])[] = [
  ['/win98', 'Windows 98'],
  ['/win9x', 'Windows ME'],
  ['/win95', 'Windows 95'],
];
