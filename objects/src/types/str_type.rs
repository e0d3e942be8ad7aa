//! The class `str`: its methods and layout in one table.

use super::{
    str_format as fmt, str_iter, str_ops as ops, str_search as search, str_shape as shape,
};
use crate::{
    heap::Kind,
    native::{Effect, NativeDef},
    types::{Body, T, TypeDef, percent},
};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `str`.
pub static STR: TypeDef = TypeDef {
    id: Some(T::str),
    name: "str",
    body: Body::Words(Kind::Str, 4),
    subclassable: true,
    methods: METHODS,
    static_methods: STATIC_METHODS,
    doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\nOtherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to 'utf-8'.\nerrors defaults to 'strict'.",
    ..TypeDef::BASE
};

const STATIC_METHODS: &[NativeDef] = &[
    row!(
        "__new__",
        "(type, object=<unset>, encoding=<unset>, errors=<unset>)",
        ops::new,
        "Create and return a new object.  See help(type) for accurate signature."
    ),
    row!(
        "maketrans",
        "(x, y=<unrepresentable>, z=<unrepresentable>, /)",
        shape::maketrans,
        "Return a translation table usable for str.translate()."
    ),
];

const METHODS: &[NativeDef] = &[
    row!("__add__", "(self, value, /)", ops::add, "Return self+value."),
    row!("__contains__", "(self, key, /)", search::contains, "Return bool(key in self)."),
    row!("__eq__", "(self, value, /)", ops::eq, "Return self==value."),
    row!(
        "__format__",
        "(self, format_spec, /)",
        fmt::dunder_format,
        "Return a formatted version of the string as described by format_spec."
    ),
    row!("__ge__", "(self, value, /)", ops::ge, "Return self>=value."),
    row!("__getitem__", "(self, key, /)", ops::getitem, "Return self[key]."),
    row!("__getnewargs__", "(self, /)", ops::getnewargs, ""),
    row!("__gt__", "(self, value, /)", ops::gt, "Return self>value."),
    row!("__hash__", "(self, /)", ops::hash, "Return hash(self)."),
    row!(
        "__iter__",
        "(self, /)",
        |cx, args| str_iter::new(cx, search::this(args)),
        "Implement iter(self)."
    ),
    row!("__le__", "(self, value, /)", ops::le, "Return self<=value."),
    row!("__len__", "(self, /)", ops::len, "Return len(self)."),
    row!("__lt__", "(self, value, /)", ops::lt, "Return self<value."),
    row!("__mod__", "(self, value, /)", percent::str_mod, "Return self%value."),
    row!("__mul__", "(self, value, /)", ops::mul, "Return self*value."),
    row!("__ne__", "(self, value, /)", ops::ne, "Return self!=value."),
    row!("__repr__", "(self, /)", ops::repr, "Return repr(self)."),
    row!("__rmod__", "(self, value, /)", percent::str_rmod, "Return value%self."),
    row!("__rmul__", "(self, value, /)", ops::mul, "Return value*self."),
    row!(
        "__sizeof__",
        "(self, /)",
        ops::sizeof,
        "Return the size of the string in memory, in bytes."
    ),
    row!("__str__", "(self, /)", ops::str_, "Return str(self)."),
    row!(
        "capitalize",
        "(self, /)",
        shape::capitalize,
        "Return a capitalized version of the string.\n\nMore specifically, make the first character have upper case and the rest lower\ncase."
    ),
    row!(
        "casefold",
        "(self, /)",
        shape::casefold,
        "Return a version of the string suitable for caseless comparisons."
    ),
    row!(
        "center",
        "(self, width, fillchar=<space>, /)",
        shape::center,
        "Return a centered string of length width.\n\nPadding is done using the specified fill character (default is a space)."
    ),
    row!(
        "count",
        "(self, sub, start=None, end=None, /)",
        search::count,
        "Return the number of non-overlapping occurrences of substring sub in string S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation."
    ),
    row!(
        "encode",
        "(self, encoding=<utf-8>, errors=<strict>)",
        ops::encode,
        "Encode the string using the codec registered for encoding.\n\n  encoding\n    The encoding in which to encode the string.\n  errors\n    The error handling scheme to use for encoding errors.\n    The default is 'strict' meaning that encoding errors raise a\n    UnicodeEncodeError.  Other possible values are 'ignore', 'replace' and\n    'xmlcharrefreplace' as well as any other name registered with\n    codecs.register_error that can handle UnicodeEncodeErrors."
    ),
    row!(
        "endswith",
        "(self, suffix, start=None, end=None, /)",
        search::endswith,
        "Return True if the string ends with the specified suffix, False otherwise."
    ),
    row!(
        "expandtabs",
        "(self, /, tabsize=8)",
        shape::expandtabs,
        "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed."
    ),
    row!(
        "find",
        "(self, sub, start=None, end=None, /)",
        search::find,
        "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nReturn -1 on failure."
    ),
    row!(
        "format",
        "(self, /, *args, **kwargs)",
        fmt::format,
        "Return a formatted version of the string, using substitutions from args and kwargs.\n\nThe substitutions are identified by braces ('{' and '}')."
    ),
    row!(
        "format_map",
        "(self, mapping, /)",
        fmt::format_map,
        "Return a formatted version of the string, using substitutions from mapping.\n\nThe substitutions are identified by braces ('{' and '}')."
    ),
    row!(
        "index",
        "(self, sub, start=None, end=None, /)",
        search::index,
        "Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nRaises ValueError when the substring is not found."
    ),
    row!(
        "isalnum",
        "(self, /)",
        shape::isalnum,
        "Return True if the string is an alpha-numeric string, False otherwise."
    ),
    row!(
        "isalpha",
        "(self, /)",
        shape::isalpha,
        "Return True if the string is an alphabetic string, False otherwise."
    ),
    row!(
        "isascii",
        "(self, /)",
        shape::isascii,
        "Return True if all characters in the string are ASCII, False otherwise.\n\nASCII characters have code points in the range U+0000-U+007F.\nEmpty string is ASCII too."
    ),
    row!(
        "isdecimal",
        "(self, /)",
        shape::isdecimal,
        "Return True if the string is a decimal string, False otherwise."
    ),
    row!(
        "isdigit",
        "(self, /)",
        shape::isdigit,
        "Return True if the string is a digit string, False otherwise."
    ),
    row!(
        "isidentifier",
        "(self, /)",
        shape::isidentifier,
        "Return True if the string is a valid Python identifier, False otherwise."
    ),
    row!(
        "islower",
        "(self, /)",
        shape::islower,
        "Return True if the string is a lowercase string, False otherwise."
    ),
    row!(
        "isnumeric",
        "(self, /)",
        shape::isnumeric,
        "Return True if the string is a numeric string, False otherwise."
    ),
    row!(
        "isprintable",
        "(self, /)",
        shape::isprintable,
        "Return True if all characters in the string are printable, False otherwise."
    ),
    row!(
        "isspace",
        "(self, /)",
        shape::isspace,
        "Return True if the string is a whitespace string, False otherwise."
    ),
    row!(
        "istitle",
        "(self, /)",
        shape::istitle,
        "Return True if the string is a title-cased string, False otherwise."
    ),
    row!(
        "isupper",
        "(self, /)",
        shape::isupper,
        "Return True if the string is an uppercase string, False otherwise."
    ),
    row!(
        "join",
        "(self, iterable, /)",
        search::join,
        "Concatenate any number of strings.\n\nThe string whose method is called is inserted in between each given string.\nThe result is returned as a new string.\n\nExample: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'"
    ),
    row!(
        "ljust",
        "(self, width, fillchar=<space>, /)",
        shape::ljust,
        "Return a left-justified string of length width.\n\nPadding is done using the specified fill character (default is a space)."
    ),
    row!("lower", "(self, /)", shape::lower, "Return a copy of the string converted to lowercase."),
    row!(
        "lstrip",
        "(self, chars=None, /)",
        search::lstrip,
        "Return a copy of the string with leading whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead."
    ),
    row!(
        "partition",
        "(self, sep, /)",
        search::partition,
        "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string.  If the separator is found,\nreturns a 3-tuple containing the part before the separator, the separator\nitself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing the original string\nand two empty strings."
    ),
    row!(
        "removeprefix",
        "(self, prefix, /)",
        search::removeprefix,
        "Return a str with the given prefix string removed if present."
    ),
    row!(
        "removesuffix",
        "(self, suffix, /)",
        search::removesuffix,
        "Return a str with the given suffix string removed if present."
    ),
    row!(
        "replace",
        "(self, old, new, /, count=-1)",
        search::replace,
        "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    Maximum number of occurrences to replace.\n    -1 (the default value) means replace all occurrences.\n\nIf the optional argument count is given, only the first count occurrences are\nreplaced."
    ),
    row!(
        "rfind",
        "(self, sub, start=None, end=None, /)",
        search::rfind,
        "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nReturn -1 on failure."
    ),
    row!(
        "rindex",
        "(self, sub, start=None, end=None, /)",
        search::rindex,
        "Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].\n\nOptional arguments start and end are interpreted as in slice notation.\nRaises ValueError when the substring is not found."
    ),
    row!(
        "rjust",
        "(self, width, fillchar=<space>, /)",
        shape::rjust,
        "Return a right-justified string of length width.\n\nPadding is done using the specified fill character (default is a space)."
    ),
    row!(
        "rpartition",
        "(self, sep, /)",
        search::rpartition,
        "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string, starting at the end. If\nthe separator is found, returns a 3-tuple containing the part before the\nseparator, the separator itself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing two empty strings\nand the original string."
    ),
    row!(
        "rsplit",
        "(self, /, sep=None, maxsplit=-1)",
        search::rsplit,
        "Return a list of the substrings in the string, using sep as the separator string.\n\nSplitting starts at the end of the string and works to the front."
    ),
    row!(
        "rstrip",
        "(self, chars=None, /)",
        search::rstrip,
        "Return a copy of the string with trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead."
    ),
    row!(
        "split",
        "(self, /, sep=None, maxsplit=-1)",
        search::split,
        "Return a list of the substrings in the string, using sep as the separator string.\n\n  sep\n    The separator used to split the string.\n\n    When set to None (the default value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of splits.\n    -1 (the default value) means no limit.\n\nSplitting starts at the front of the string and works to the end."
    ),
    row!(
        "splitlines",
        "(self, /, keepends=False)",
        search::splitlines,
        "Return a list of the lines in the string, breaking at line boundaries.\n\nLine breaks are not included in the resulting list unless keepends is given and\ntrue."
    ),
    row!(
        "startswith",
        "(self, prefix, start=None, end=None, /)",
        search::startswith,
        "Return True if the string starts with the specified prefix, False otherwise."
    ),
    row!(
        "strip",
        "(self, chars=None, /)",
        search::strip,
        "Return a copy of the string with leading and trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead."
    ),
    row!(
        "swapcase",
        "(self, /)",
        shape::swapcase,
        "Convert uppercase characters to lowercase and lowercase characters to uppercase."
    ),
    row!(
        "title",
        "(self, /)",
        shape::title,
        "Return a version of the string where each word is titlecased.\n\nMore specifically, words start with uppercased characters and all remaining\ncased characters have lower case."
    ),
    row!(
        "translate",
        "(self, table, /)",
        shape::translate,
        "Replace each character in the string using the given translation table.\n\n  table\n    Translation table, which must be a mapping of Unicode ordinals to\n    Unicode ordinals, strings, or None."
    ),
    row!("upper", "(self, /)", shape::upper, "Return a copy of the string converted to uppercase."),
    row!(
        "zfill",
        "(self, width, /)",
        shape::zfill,
        "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe string is never truncated."
    ),
];
