//! `format()`, f-strings and `str.format`.

use super::{
    str_search::{join_values, this},
    text_args::{fail, new_text},
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol, raise,
    text::{
        format_num, format_spec,
        markup::{self, Field, Markup, Step},
    },
    types::{T, dict, str as string, str_ops},
    value::Value,
};

pub(super) fn dunder_format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let Some(spec) = string::exact(args.get(1)) else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "__format__() argument must be str, not {name}");
    };
    if spec.is_empty() {
        return protocol::str_of(cx, args.this());
    }
    let name = cx.type_name(args.this());
    format_text(cx, o, string::bytes_of(spec), name)
}

fn format_text(cx: &mut Cx, o: Obj, spec: &[u8], name: &str) -> Completion<Value> {
    match format_spec::format_text(string::bytes_of(o), string::n_chars(o), spec, name) {
        Ok(out) => new_text(cx, &out),
        Err(e) => Err(fail(cx, &e)),
    }
}

/// `format(v, spec)`; `spec` is a string or unbound for an empty one. What f-strings use for `{v:spec}` and `{v}`.
///
/// # Errors
/// Whatever `__format__` raises.
#[inline]
pub fn format_value(cx: &mut Cx, v: Value, spec: Value) -> Completion<Value> {
    let spec_bytes = string::exact(spec).map_or(&b""[..], string::bytes_of);
    if spec_bytes.is_empty() {
        if v.obj().is_some_and(|o| o.kind() == Kind::Str) {
            return Ok(v);
        }
        if v.is_small() || v.is_float() {
            return protocol::str_of(cx, v);
        }
    } else if let Some(done) = format_plain(v, spec_bytes) {
        return match done {
            Ok(out) => new_text(cx, &out),
            Err(e) => Err(fail(cx, &e)),
        };
    }
    let spec = if spec.is_bound() { spec } else { cx.new_str("")? };
    let Some(r) = protocol::call_special(cx, v, Special::Format, &[spec])? else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "unsupported format string passed to {name}.__format__");
    };
    if string::exact(r).is_none() {
        let name = cx.type_name(r);
        return raise!(cx, TypeError, "__format__ must return a str, not {name}");
    }
    Ok(r)
}

/// Formats values of exact builtin classes without calling anything.
fn format_plain(v: Value, spec: &[u8]) -> Option<Result<Vec<u8>, crate::text::TextError>> {
    if let Some(i) = v.small_int() {
        return Some(format_num::format_int(&i, spec, "int"));
    }
    if let Some(x) = v.float_value() {
        return Some(format_num::format_float(x, spec, "float"));
    }
    let o = v.obj().filter(|o| o.kind() == Kind::Str)?;
    Some(format_spec::format_text(string::bytes_of(o), string::n_chars(o), spec, "str"))
}

/// Applies the conversion of a field: `!s`, `!r` or `!a`.
///
/// # Errors
/// `ValueError` for another character, and whatever `__str__` or `__repr__` raise.
pub fn convert(cx: &mut Cx, v: Value, conversion: u32) -> Completion<Value> {
    match char::from_u32(conversion) {
        Some('s') => protocol::str_of(cx, v),
        Some('r') => protocol::repr(cx, v),
        Some('a') => str_ops::ascii(cx, v),
        _ if (33..127).contains(&conversion) => {
            let c = conversion as u8 as char;
            raise!(cx, ValueError, "Unknown conversion specifier {c}")
        }
        _ => raise!(cx, ValueError, "Unknown conversion specifier \\x{conversion:x}"),
    }
}

/// Joins the strings of an f-string.
///
/// # Errors
/// `TypeError` for an item that is no string.
#[inline]
pub fn build_string(cx: &mut Cx, parts: &[Value]) -> Completion<Value> {
    match parts {
        [a, b] if let (Some(a), Some(b)) = (string::exact(*a), string::exact(*b)) => {
            str_ops::concat(cx, a, b)
        }
        _ => {
            let empty = cx.name(crate::names::N::empty);
            match string::exact(empty) {
                Some(sep) => join_values(cx, sep, parts),
                None => Ok(empty),
            }
        }
    }
}

/// Where `str.format` finds its values, and how it numbers its fields.
struct Source<'a> {
    args: Option<&'a [Value]>,
    kwargs: Value,
    numbering: Numbering,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

pub(super) fn format(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut source =
        Source { args: Some(args.rest(1)), kwargs: args.get(2), numbering: Numbering::Unknown };
    let out = expand(cx, string::bytes_of(this(args)), &mut source, 2)?;
    new_text(cx, &out)
}

pub(super) fn format_map(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut source = Source { args: None, kwargs: args.get(1), numbering: Numbering::Unknown };
    let out = expand(cx, string::bytes_of(this(args)), &mut source, 2)?;
    new_text(cx, &out)
}

fn expand(
    cx: &mut Cx,
    s: &'static [u8],
    source: &mut Source<'_>,
    depth: u32,
) -> Completion<Vec<u8>> {
    if depth == 0 {
        return raise!(cx, ValueError, "Max string recursion exceeded");
    }
    let mut markup = Markup::new(s);
    let mut out = Vec::with_capacity(s.len() + 16);
    loop {
        let chunk = match markup.next_chunk() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(out),
            Err(e) => return Err(fail(cx, &e)),
        };
        out.extend_from_slice(chunk.literal);
        if let Some(field) = chunk.field {
            let text = render(cx, &field, source, depth)?;
            if let Some(o) = string::exact(text) {
                out.extend_from_slice(string::bytes_of(o));
            }
        }
    }
}

fn render(
    cx: &mut Cx,
    field: &Field<'static>,
    source: &mut Source<'_>,
    depth: u32,
) -> Completion<Value> {
    let mut v = field_value(cx, field.name, source)?;
    if let Some(conversion) = field.conversion {
        v = convert(cx, v, conversion)?;
    }
    let spec = if field.nested {
        // The specifier's text lives on in a string object while its fields are expanded.
        let own = new_text(cx, field.spec)?;
        let bytes = string::exact(own).map_or(&b""[..], string::bytes_of);
        let spec = expand(cx, bytes, source, depth - 1)?;
        new_text(cx, &spec)?
    } else if field.spec.is_empty() {
        Value::UNBOUND
    } else {
        new_text(cx, field.spec)?
    };
    format_value(cx, v, spec)
}

fn field_value(cx: &mut Cx, name: &[u8], source: &mut Source<'_>) -> Completion<Value> {
    let (first, mut rest) = markup::split_first(name);
    let index = match markup::number(first) {
        Ok(index) => index,
        Err(e) => return Err(fail(cx, &e)),
    };
    let mut v = if first.is_empty() || index.is_some() {
        positional(cx, index, source)?
    } else {
        keyword(cx, first, source)?
    };
    loop {
        let step = match markup::next_step(&mut rest) {
            Ok(Some(step)) => step,
            Ok(None) => return Ok(v),
            Err(e) => return Err(fail(cx, &e)),
        };
        v = match step {
            Step::Attr(name) => {
                let name = new_text(cx, name)?;
                let name = string::interned(cx, name)?;
                protocol::get_attr(cx, v, name)?
            }
            Step::Key(key) => {
                let key = new_text(cx, key)?;
                protocol::get_item(cx, v, key)?
            }
            Step::Index(i) => {
                let i = cx.new_int(i as i64)?;
                protocol::get_item(cx, v, i)?
            }
        };
    }
}

fn positional(cx: &mut Cx, index: Option<usize>, source: &mut Source<'_>) -> Completion<Value> {
    let i = match (index, source.numbering) {
        (None, Numbering::Manual) => {
            return raise!(
                cx,
                ValueError,
                "cannot switch from manual field specification to automatic field numbering"
            );
        }
        (Some(_), Numbering::Automatic(_)) => {
            return raise!(
                cx,
                ValueError,
                "cannot switch from automatic field numbering to manual field specification"
            );
        }
        (None, Numbering::Automatic(n)) => {
            source.numbering = Numbering::Automatic(n + 1);
            n
        }
        (None, Numbering::Unknown) => {
            source.numbering = Numbering::Automatic(1);
            0
        }
        (Some(i), _) => {
            source.numbering = Numbering::Manual;
            i
        }
    };
    let Some(args) = source.args else {
        return raise!(cx, ValueError, "Format string contains positional fields");
    };
    match args.get(i) {
        Some(&v) => Ok(v),
        None => {
            raise!(cx, IndexError, "Replacement index {i} out of range for positional args tuple")
        }
    }
}

fn keyword(cx: &mut Cx, name: &[u8], source: &Source<'_>) -> Completion<Value> {
    let key = new_text(cx, name)?;
    let Some(d) = source.kwargs.obj() else {
        return Err(crate::types::exception::key_error(cx, key));
    };
    if source.args.is_none() || d.class() != cx.class(T::dict) {
        return protocol::get_item(cx, source.kwargs, key);
    }
    match dict::get_item(cx, d, key)?.bound() {
        Some(v) => Ok(v),
        None => Err(crate::types::exception::key_error(cx, key)),
    }
}
