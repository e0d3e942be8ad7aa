# Paths from an open directory on, open files instead of paths, and what the functions say about wrong arguments.
import os
import shutil
import stat
import tempfile

top = tempfile.mkdtemp()
fd = os.open(top, os.O_RDONLY)
other = os.getcwd()


def shown(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


os.mkdir("d", dir_fd=fd)
os.close(os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
os.rename("f", "g", src_dir_fd=fd, dst_dir_fd=fd)
os.symlink("g", "s", dir_fd=fd)
os.link("g", "h", src_dir_fd=fd, dst_dir_fd=fd)
os.mkfifo("p", dir_fd=fd)
os.mknod("n", 0o600, dir_fd=fd)
os.chmod("g", 0o640, dir_fd=fd)
os.utime("g", (1.5, 2.25), dir_fd=fd)
os.utime("s", ns=(3, 10**18 + 1), dir_fd=fd, follow_symlinks=False)
info = os.stat("g", dir_fd=fd)
print(oct(info.st_mode), info.st_nlink, info.st_atime_ns, info.st_mtime_ns, os.readlink("s", dir_fd=fd))
print(os.lstat("s", dir_fd=fd).st_mtime_ns, stat.S_ISFIFO(os.stat("p", dir_fd=fd).st_mode), os.access("g", os.R_OK, dir_fd=fd))
print(sorted(os.listdir(fd)), sorted(os.listdir(top)) == sorted(os.listdir(fd)))
with os.scandir(fd) as entries:
    print(sorted((e.name, e.path, e.is_dir(), e.is_file(), e.stat().st_size) for e in entries))
print([(root, sorted(dirs), sorted(files)) for root, dirs, files, _ in os.fwalk(".", dir_fd=fd)])
for name in ("g", "h", "s", "p", "n"):
    os.unlink(name, dir_fd=fd)
os.rmdir("d", dir_fd=fd)
print(os.listdir(fd))
os.chdir(fd)
print(os.path.realpath(os.getcwd()) == os.path.realpath(top))
os.chdir(other)
os.utime(fd, (5, 6))
os.chmod(fd, 0o700)
print(os.stat(fd).st_mtime, oct(stat.S_IMODE(os.stat(fd).st_mode)), os.stat in os.supports_dir_fd, os.scandir in os.supports_fd)
os.close(fd)
os.makedirs(os.path.join(top, "a", "b"))
shutil.rmtree(top)
print(os.path.exists(top), shutil.rmtree.avoids_symlink_attacks)

print(shown(os.stat, "a\0b"), shown(os.rename, "a\0", "b"), shown(os.rename, 1, "b"), shown(os.link, "a", "b\0"))
print(shown(os.stat, 2**40), shown(os.stat, 1.5), shown(os.mkdir, 1.5), shown(os.listdir, 1.5))
print(shown(os.stat, "x", dir_fd="a"), shown(os.stat, 3, follow_symlinks=False), shown(os.stat, 3, dir_fd=3))
print(shown(os.chown, "x", "a", 1), shown(os.chown, "x", 1, -5), shown(os.utime, "x", (1,)), shown(os.utime, "x", (1, 1), ns=(1, 1)))
print(shown(os.major, -2), os.major(-1), os.makedev(-1, -1), os.minor(os.makedev(3, 4)), os.path.normpath("a\0/../b"))
print(shown(os.execve, "a", ["a"], {"a=b": "c"}), shown(os.execve, "a", [], {}), shown(os.execv, "a", [""]))
