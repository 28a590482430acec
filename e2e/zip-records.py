"""zip-records.py ARCHIVE: reads local, central and end records of a ZIP with nothing but struct, and holds them against
each other (APPNOTE 4.3). Hashes what is stored. Prints {"count", "zip64", "files": {name: sha256}, "links": [name]} as JSON; any contradiction ends it with 1."""
import hashlib, json, struct, sys, zlib

END, END64, LOCATOR64, CENTRAL, LOCAL = 0x06054B50, 0x06064B50, 0x07064B50, 0x02014B50, 0x04034B50
MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF


def need(truth, what):
    if not truth:
        sys.exit("zip-records: " + what)


def extra_field(extra, wanted):
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        need(at + 4 + length <= len(extra), "an extra field overruns")
        if tag == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return None


def zip64(extra, values):
    """Replaces the values that are all ones by the next of the Zip64 extra field (APPNOTE 4.5.3)."""
    field, at, out = extra_field(extra, 1) or b"", 0, []
    for value, full in values:
        if value == full:
            size = 4 if full == MAX16 else 8
            need(at + size <= len(field), "a Zip64 value is missing")
            value = int.from_bytes(field[at : at + size], "little")
            at += size
        out.append(value)
    return out


def end_of(file, size):
    file.seek(max(0, size - 66000))
    tail = file.read()
    at = tail.rfind(struct.pack("<I", END))
    need(at >= 0, "no end record")
    _, disk, disk_cd, here, count, cd_size, cd_at, comment = struct.unpack_from("<IHHHHIIH", tail, at)
    end_at = size - len(tail) + at
    need(end_at + 22 + comment == size, "bytes after the end record")
    need(disk == disk_cd == 0 and here == count, "disk numbers")
    is64 = False
    if at >= 20 and struct.unpack_from("<I", tail, at - 20)[0] == LOCATOR64:
        is64 = True
        _, _, at64, disks = struct.unpack_from("<IIQI", tail, at - 20)
        need(disks == 1, "number of disks")
        file.seek(at64)
        record = file.read(56)
        sig, length, _, _, _, _, here64, count64, size64, cd64 = struct.unpack("<IQHHIIQQQQ", record)
        need(sig == END64 and at64 + 12 + length == end_at - 20 and here64 == count64, "Zip64 end record")
        need(count in (count64, MAX16) and cd_size in (size64, MAX32) and cd_at in (cd64, MAX32), "the two end records differ")
        need(count64 >= MAX16 or size64 >= MAX32 or cd64 >= MAX32 or count != MAX16, "Zip64 without need")
        return count64, size64, cd64, at64, True
    need(count != MAX16 and cd_size != MAX32 and cd_at != MAX32, "no Zip64 end record where one is needed")
    return count, cd_size, cd_at, end_at, is64


def main(path):
    file = open(path, "rb")
    size = file.seek(0, 2)
    count, cd_size, cd_at, after, is64 = end_of(file, size)
    need(cd_at + cd_size == after, "the central directory does not end where the end records begin")
    file.seek(cd_at)
    central = file.read(cd_size)
    at, entries = 0, []
    while at < cd_size:
        row = struct.unpack_from("<IHHHHHHIIIHHHHHII", central, at)
        need(row[0] == CENTRAL, "central signature")
        flags, method, crc, packed, real = row[3], row[4], row[7], row[8], row[9]
        n, x, c, disk, mode, offset = row[10], row[11], row[12], row[13], row[15] >> 16, row[16]
        name = central[at + 46 : at + 46 + n]
        real, packed, offset, disk = zip64(central[at + 46 + n : at + 46 + n + x], [(real, MAX32), (packed, MAX32), (offset, MAX32), (disk, MAX16)])
        need(disk == 0, "disk of an entry")
        entries.append((offset, name, flags, method, crc, packed, real, mode))
        at += 46 + n + x + c
    need(at == cd_size and len(entries) == count, "%d central records, %d promised" % (len(entries), count))
    names, files, links, next_at = set(), {}, [], 0
    for offset, name, flags, method, crc, packed, real, mode in sorted(entries):
        need(name not in names, "a name twice: %r" % name)
        names.add(name)
        need(offset == next_at, "a gap before %r: %d, expected %d" % (name, offset, next_at))
        file.seek(offset)
        row = struct.unpack("<IHHHHHIIIHH", file.read(30))
        need(row[0] == LOCAL and row[2] == flags and row[3] == method, "local header of %r" % name)
        local_name = file.read(row[9])
        extra = file.read(row[10])
        need(local_name == name, "local name of %r" % name)
        text = name.decode("utf-8")
        need(text.isascii() or flags & 0x800, "UTF-8 flag of %r" % name)
        start = offset + 30 + row[9] + row[10]
        if not flags & 8:
            local_real, local_packed = zip64(extra, [(row[8], MAX32), (row[7], MAX32)])
            need((row[6], local_packed, local_real) == (crc, packed, real), "local sizes of %r" % name)
        need(method in (0, 8), "method of %r" % name)
        unpack = zlib.decompressobj(-15) if method == 8 else None
        file.seek(start)
        left, seen, check, digest = packed, 0, 0, hashlib.sha256()
        while left:
            part = file.read(min(left, 1 << 20))
            need(part, "%r ends early" % name)
            left -= len(part)
            part = unpack.decompress(part) if unpack else part
            seen, check = seen + len(part), zlib.crc32(part, check)
            digest.update(part)
        need(seen == real and check == crc, "contents of %r" % name)
        next_at = start + packed
        if flags & 8:
            # A data descriptor: with or without signature, 32 or 64 bits (APPNOTE 4.3.9).
            wide = packed >= MAX32 or real >= MAX32 or extra_field(extra, 1) is not None
            file.seek(next_at)
            tail = file.read(24)
            at = 4 if tail[:4] == b"PK\x07\x08" else 0
            need(struct.unpack_from("<IQQ" if wide else "<III", tail, at) == (crc, packed, real), "descriptor of %r" % name)
            next_at += at + (20 if wide else 12)
        if mode & 0o170000 == 0o120000:
            links.append(text)
        elif not text.endswith("/"):
            files[text] = digest.hexdigest()
    need(next_at == cd_at, "a gap before the central directory")
    json.dump({"count": count, "zip64": is64, "files": files, "links": links}, sys.stdout)


main(sys.argv[1])
