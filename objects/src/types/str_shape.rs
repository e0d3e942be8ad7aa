//! `str` methods that map or pad text: case, padding, tabs, translate, and the `isX` questions.

use super::{
    number::OrRaise,
    str_search::this,
    text_args::{check_size, new_text},
};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    native::Args,
    protocol, raise,
    text::{case, classify, cp, shape},
    types::{T, dict, str as string},
    value::Value,
};

/// A method that maps bytes to bytes.
macro_rules! mapped {
    ($($name:ident => $f:path),* $(,)?) => {
        $(pub(super) fn $name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
            let o = this(args);
            let out = $f(string::bytes_of(o));
            if string::is_ascii(o) { string::new_ascii(cx, &out) } else { new_text(cx, &out) }
        })*
    };
}

mapped! {
    lower => case::lower, upper => case::upper, title => case::title, capitalize => case::capitalize,
    swapcase => case::swapcase, casefold => case::casefold,
}

/// A yes-or-no method.
macro_rules! asked {
    ($($name:ident => $f:expr),* $(,)?) => {
        $(pub(super) fn $name(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
            let f: fn(&[u8]) -> bool = $f;
            Ok(f(string::bytes_of(this(args))).into())
        })*
    };
}

asked! {
    isalnum => |s| classify::all(s, classify::is_alnum),
    isalpha => |s| classify::all(s, classify::is_alpha),
    isascii => <[u8]>::is_ascii,
    isdecimal => |s| classify::all(s, classify::is_decimal),
    isdigit => |s| classify::all(s, classify::is_digit),
    isidentifier => classify::is_identifier,
    islower => classify::all_lower,
    isnumeric => |s| classify::all(s, classify::is_numeric),
    isprintable => |s| s.is_empty() || classify::all(s, classify::is_printable),
    isspace => |s| classify::all(s, classify::is_space),
    istitle => classify::all_title,
    isupper => classify::all_upper,
}

/// The fill argument of `center` and friends.
fn fill(cx: &mut Cx, v: Value) -> Completion<&'static [u8]> {
    if v.is_unbound() {
        return Ok(b" ");
    }
    match string::exact(v) {
        Some(o) if string::n_chars(o) == 1 => Ok(string::bytes_of(o)),
        Some(_) => raise!(cx, TypeError, "The fill character must be exactly one character long"),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "The fill character must be a unicode character, not {name}")
        }
    }
}

fn padded(
    cx: &mut Cx,
    args: Args<'_>,
    sides: fn(usize, usize) -> (usize, usize),
) -> Completion<Value> {
    let o = this(args);
    let width = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let fill = fill(cx, args.get(2))?;
    let n = string::n_chars(o);
    if width <= n {
        return Ok(o.into());
    }
    check_size(cx, (width - n).checked_mul(fill.len()))?;
    let (left, right) = sides(n, width);
    let out = shape::pad(string::bytes_of(o), left, right, fill);
    string::new_str_bytes(cx, &out, width)
}

pub(super) fn center(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, shape::center_padding)
}

pub(super) fn ljust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, |n, width| (0, width - n))
}

pub(super) fn rjust(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    padded(cx, args, |n, width| (width - n, 0))
}

pub(super) fn zfill(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let width = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let n = string::n_chars(o);
    if width <= n {
        return Ok(o.into());
    }
    check_size(cx, Some(width))?;
    let out = shape::zfill(string::bytes_of(o), n, width);
    string::new_str_bytes(cx, &out, width)
}

pub(super) fn expandtabs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(args);
    let tab = protocol::index_i64(cx, args.get(1))?.max(0) as usize;
    let out = shape::expand_tabs(string::bytes_of(o), tab, true).or_raise(cx)?;
    new_text(cx, &out)
}

pub(super) fn translate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (o, table) = (this(args), args.get(1));
    let mut out = Vec::with_capacity(o.len());
    // ASCII characters are looked up once each: 0 not asked yet, 1 kept, 2 mapped to `ascii`.
    let mut state = [0_u8; 128];
    let mut ascii: [Option<Vec<u8>>; 128] = [const { None }; 128];
    for c in cp::iter(string::bytes_of(o)) {
        let Some(s) = state.get_mut(c as usize) else {
            match mapping(cx, table, c)? {
                Some(text) => out.extend_from_slice(&text),
                None => cp::push(&mut out, c),
            }
            continue;
        };
        if *s == 0 {
            ascii[c as usize] = mapping(cx, table, c)?;
            *s = if ascii[c as usize].is_some() { 2 } else { 1 };
        }
        match &ascii[c as usize] {
            Some(text) => out.extend_from_slice(text),
            None => out.push(c as u8),
        }
    }
    new_text(cx, &out)
}

/// What a translate table makes of `c`: `None` for itself.
fn mapping(cx: &mut Cx, table: Value, c: u32) -> Completion<Option<Vec<u8>>> {
    let found = match protocol::get_item(cx, table, Value::small(c.into())) {
        Ok(v) => v,
        Err(escape) => {
            let lookup = cx.class(T::LookupError);
            return match escape.exception() {
                Some(e) if crate::class::is_subclass(e.class(), lookup) => Ok(None),
                _ => Err(escape),
            };
        }
    };
    if found.is_none() {
        return Ok(Some(Vec::new()));
    }
    if let Some(s) = string::exact(found) {
        return Ok(Some(string::bytes_of(s).to_vec()));
    }
    if protocol::convert::as_int(found).is_none() {
        return raise!(cx, TypeError, "character mapping must return integer, None or str");
    }
    match protocol::convert::as_i64(found).and_then(|i| u32::try_from(i).ok()) {
        Some(c) if c < 0x11_0000 => Ok(Some(cp::collect([c]))),
        _ => raise!(cx, ValueError, "character mapping must be in range(0x110000)"),
    }
}

pub(super) fn maketrans(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (x, y, z) = (args.get(0), args.opt(1), args.opt(2));
    let table = dict::new(cx)?;
    let Some(y) = y else {
        return match x.obj().filter(|d| d.class() == cx.class(T::dict)) {
            Some(d) => from_dict(cx, table, d),
            None => raise!(
                cx,
                TypeError,
                "if you give only one argument to maketrans it must be a dict"
            ),
        };
    };
    let Some(x) = string::exact(x) else {
        return raise!(
            cx,
            TypeError,
            "first maketrans argument must be a string if there is a second argument"
        );
    };
    let y = super::text_args::str_arg(cx, y, "maketrans", 2)?;
    let z = z.map(|z| super::text_args::str_arg(cx, z, "maketrans", 3)).transpose()?;
    if string::n_chars(x) != string::n_chars(y) {
        return raise!(cx, ValueError, "the first two maketrans arguments must have equal length");
    }
    let (x, y) = (string::bytes_of(x), string::bytes_of(y));
    for (from, to) in cp::iter(x).zip(cp::iter(y)) {
        dict::set_item(cx, table, Value::small(from.into()), Value::small(to.into()))?;
    }
    for c in z.map(|z| cp::iter(string::bytes_of(z))).into_iter().flatten() {
        dict::set_item(cx, table, Value::small(c.into()), Value::NONE)?;
    }
    Ok(table.into())
}

fn from_dict(cx: &mut Cx, table: Obj, d: Obj) -> Completion<Value> {
    let items = dict::items(cx, d)?;
    for pair in items.as_slice().chunks_exact(2) {
        let key = if let Some(s) = string::exact(pair[0]) {
            if string::n_chars(s) != 1 {
                return raise!(
                    cx,
                    ValueError,
                    "string keys in translate table must be of length 1"
                );
            }
            Value::small(cp::decode(string::bytes_of(s), 0).0.into())
        } else if protocol::convert::as_int(pair[0]).is_some() {
            pair[0]
        } else {
            return raise!(cx, TypeError, "keys in translate table must be strings or integers");
        };
        dict::set_item(cx, table, key, pair[1])?;
    }
    Ok(table.into())
}
