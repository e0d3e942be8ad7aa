//! The rows of the methods that `bytes` and `bytearray` share.

use super::{
    hex::hex,
    operators::{compared, contains, decode, len, modulo, repr, rmodulo, str_},
    pieces::{join, lstrip, partition, rpartition, rsplit, rstrip, split, splitlines, strip},
    search::{
        count, endswith, find, index, removeprefix, removesuffix, replace, rfind, rindex,
        startswith,
    },
    shape::{
        capitalize, center, expandtabs, isalnum, isalpha, isascii, isdigit, islower, isspace,
        istitle, isupper, ljust, lower, rjust, swapcase, title, translate, upper, zfill,
    },
};
use crate::{native::NativeDef, protocol::CompareOp, rows, types::bytes_iter};

/// The shared rows.
pub(in crate::types) const SHARED: &[NativeDef] = rows! {
    "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
    "__eq__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Eq), "Return self==value.";
    "__ge__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Ge), "Return self>=value.";
    "__gt__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Gt), "Return self>value.";
    "__iter__" "(self, /)" |cx, args| bytes_iter::new(cx, args.this()), "Implement iter(self).";
    "__le__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Le), "Return self<=value.";
    "__len__" "(self, /)" len, "Return len(self).";
    "__lt__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Lt), "Return self<value.";
    "__mod__" "(self, value, /)" modulo, "Return self%value.";
    "__ne__" "(self, value, /)" |cx, args| compared(cx, args, CompareOp::Ne), "Return self!=value.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__rmod__" "(self, value, /)" rmodulo, "Return value%self.";
    "__str__" "(self, /)" str_, "Return str(self).";
    "capitalize" "(self, /)" capitalize,
        "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first character capitalized (ASCII)\nand the rest lower-cased.";
    "center" "(self, width, fillchar=<space>, /)" center,
        "Return a centered string of length width.\n\nPadding is done using the specified fill character.";
    "count" "(self, sub, start=None, end=None, /)" count,
        "Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end].";
    "decode" "(self, /, encoding=<utf-8>, errors=<strict>)" decode,
        "Decode the bytes using the codec registered for encoding.";
    "endswith" "(self, suffix, start=None, end=None, /)" endswith,
        "Return True if the bytes ends with the specified suffix, False otherwise.";
    "expandtabs" "(self, /, tabsize=8)" expandtabs,
        "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed.";
    "find" "(self, sub, start=None, end=None, /)" find,
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].";
    "hex" "(self, /, sep=<unset>, bytes_per_sep=1)" hex,
        "Create a string of hexadecimal numbers from a bytes object.";
    "index" "(self, sub, start=None, end=None, /)" index,
        "Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].";
    "isalnum" "(self, /)" isalnum,
        "B.isalnum() -> bool\n\nReturn True if all characters in B are alphanumeric\nand there is at least one character in B, False otherwise.";
    "isalpha" "(self, /)" isalpha,
        "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand there is at least one character in B, False otherwise.";
    "isascii" "(self, /)" isascii,
        "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are ASCII,\nFalse otherwise.";
    "isdigit" "(self, /)" isdigit,
        "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand there is at least one character in B, False otherwise.";
    "islower" "(self, /)" islower,
        "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase and there is\nat least one cased character in B, False otherwise.";
    "isspace" "(self, /)" isspace,
        "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand there is at least one character in B, False otherwise.";
    "istitle" "(self, /)" istitle,
        "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is at least one\ncharacter in B, i.e. uppercase characters may only follow uncased\ncharacters and lowercase characters only cased ones. Return False\notherwise.";
    "isupper" "(self, /)" isupper,
        "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase and there is\nat least one cased character in B, False otherwise.";
    "join" "(self, iterable_of_bytes, /)" join,
        "Concatenate any number of bytes objects.\n\nThe bytes whose method is called is inserted in between each pair.\n\nThe result is returned as a new bytes object.";
    "ljust" "(self, width, fillchar=<space>, /)" ljust,
        "Return a left-justified string of length width.\n\nPadding is done using the specified fill character.";
    "lower" "(self, /)" lower,
        "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to lowercase.";
    "lstrip" "(self, bytes=None, /)" lstrip,
        "Strip leading bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading  ASCII whitespace.";
    "partition" "(self, sep, /)" partition,
        "Partition the bytes into three parts using the given separator.";
    "removeprefix" "(self, prefix, /)" removeprefix,
        "Return a bytes object with the given prefix string removed if present.";
    "removesuffix" "(self, suffix, /)" removesuffix,
        "Return a bytes object with the given suffix string removed if present.";
    "replace" "(self, old, new, count=-1, /)" replace,
        "Return a copy with all occurrences of substring old replaced by new.";
    "rfind" "(self, sub, start=None, end=None, /)" rfind,
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].";
    "rindex" "(self, sub, start=None, end=None, /)" rindex,
        "Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].";
    "rjust" "(self, width, fillchar=<space>, /)" rjust,
        "Return a right-justified string of length width.\n\nPadding is done using the specified fill character.";
    "rpartition" "(self, sep, /)" rpartition,
        "Partition the bytes into three parts using the given separator.";
    "rsplit" "(self, /, sep=None, maxsplit=-1)" rsplit,
        "Return a list of the sections in the bytes, using sep as the delimiter.\n\nSplitting is done starting at the end of the bytes and working to the front.";
    "rstrip" "(self, bytes=None, /)" rstrip,
        "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip trailing ASCII whitespace.";
    "split" "(self, /, sep=None, maxsplit=-1)" split,
        "Return a list of the sections in the bytes, using sep as the delimiter.";
    "splitlines" "(self, /, keepends=False)" splitlines,
        "Return a list of the lines in the bytes, breaking at line boundaries.";
    "startswith" "(self, prefix, start=None, end=None, /)" startswith,
        "Return True if the bytes starts with the specified prefix, False otherwise.";
    "strip" "(self, bytes=None, /)" strip,
        "Strip leading and trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading and trailing ASCII whitespace.";
    "swapcase" "(self, /)" swapcase,
        "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII characters converted\nto lowercase ASCII and vice versa.";
    "title" "(self, /)" title,
        "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words start with uppercase\ncharacters, all remaining cased characters have lowercase.";
    "translate" "(self, table, /, delete=<empty>)" translate,
        "Return a copy with each character mapped by the given translation table.";
    "upper" "(self, /)" upper,
        "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to uppercase.";
    "zfill" "(self, width, /)" zfill,
        "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe original string is never truncated.";
};
