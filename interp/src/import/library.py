"""What importlib needs to know of the library that is embedded in the executable."""

import _imp
import sys
from _frozen_importlib import BuiltinImporter, spec_from_loader
from _frozen_importlib_external import SourceFileLoader, spec_from_file_location


class LibraryLoader(SourceFileLoader):
    """Loads modules of the embedded library; their code is cached elsewhere than in .pyc files."""

    def get_data(self, path):
        data = _imp.library_read(path)
        return super().get_data(path) if data is None else data

    def path_stats(self, path):
        raise OSError("embedded files have no time stamps")

    def get_code(self, fullname):
        code = _imp.library_code(self.get_filename(fullname))
        return super().get_code(fullname) if code is None else code

    def get_resource_reader(self, name):
        return None


class LibraryFinder:
    """Finds modules below one folder of the embedded library."""

    def __init__(self, path):
        if not _imp.library_is_dir(path):
            raise ImportError("only the embedded library is supported", path=path)
        self.path = path

    def __repr__(self):
        return f"LibraryFinder({self.path!r})"

    def find_spec(self, fullname, target=None):
        place = f"{self.path}/{fullname.rpartition('.')[2]}"
        if _imp.library_read(place + "/__init__.py") is not None:
            return library_spec(fullname, place + "/__init__.py", place)
        if _imp.library_read(place + ".py") is not None:
            return library_spec(fullname, place + ".py", None)
        return None

    def invalidate_caches(self):
        """The library never changes."""

    def iter_modules(self, prefix=""):
        for name in _imp.library_list(self.path):
            if name.endswith("/") and _imp.library_read(f"{self.path}/{name}__init__.py") is not None:
                yield prefix + name[:-1], True
            elif name.endswith(".py") and name != "__init__.py":
                yield prefix + name[:-3], False


def library_spec(name, path, folder):
    places = None if folder is None else [folder]
    loader = LibraryLoader(name, path)
    return spec_from_file_location(name, path, loader=loader, submodule_search_locations=places)


def builtin_spec(name):
    return spec_from_loader(name, BuiltinImporter, origin=BuiltinImporter._ORIGIN)


def archive_hook(path):
    """Stands in for `zipimporter`, which is only loaded when there is an archive."""
    if not _imp.is_archive_path(path):
        raise ImportError("not a Zip file", path=path)
    from zipimport import zipimporter

    for at, hook in enumerate(sys.path_hooks):
        if hook is archive_hook:
            sys.path_hooks[at] = zipimporter
    return zipimporter(path)


sys.path_hooks[:0] = [LibraryFinder, archive_hook]
