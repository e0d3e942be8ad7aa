//! `binascii`: conversions between binary data and ASCII.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, NativeDef, T, TypeDef, Value, protocol, raise,
    text::transfer::{self, QpOptions},
    types::{buffer, bytes, bytes_methods, str as string, struct_value, text_args},
};

use super::{ModuleDef, set};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `binascii`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "binascii",
    doc: "Conversion between binary data and ASCII",
    functions: &[
        row!(
            "a2b_base64",
            "(data, /, *, strict_mode=False)",
            a2b_base64,
            "Decode a line of base64 data."
        ),
        row!(
            "a2b_hex",
            "(hexstr, /)",
            unhexlify,
            "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower case).\nThis function is also available as \"unhexlify()\"."
        ),
        row!("a2b_qp", "(data, header=False)", a2b_qp, "Decode a string of qp-encoded data."),
        row!("a2b_uu", "(data, /)", a2b_uu, "Decode a line of uuencoded data."),
        row!("b2a_base64", "(data, /, *, newline=True)", b2a_base64, "Base64-code line of data."),
        row!(
            "b2a_hex",
            "(data, sep=<unset>, bytes_per_sep=1)",
            hexlify,
            "Hexadecimal representation of binary data."
        ),
        row!(
            "b2a_qp",
            "(data, quotetabs=False, istext=True, header=False)",
            b2a_qp,
            "Encode a string using quoted-printable encoding."
        ),
        row!("b2a_uu", "(data, /, *, backtick=False)", b2a_uu, "Uuencode line of data."),
        row!("crc32", "(data, crc=0, /)", crc32, "Compute CRC-32 incrementally."),
        row!("crc_hqx", "(data, crc, /)", crc_hqx, "Compute CRC-CCITT incrementally."),
        row!(
            "hexlify",
            "(data, sep=<unset>, bytes_per_sep=1)",
            hexlify,
            "Hexadecimal representation of binary data."
        ),
        row!("unhexlify", "(hexstr, /)", unhexlify, "Binary data of hexadecimal representation."),
    ],
    types: &[&INCOMPLETE],
    exec: |cx, module| {
        let error = error_class(cx)?;
        set(cx, module, "Error", error)
    },
};

static ERROR: TypeDef = TypeDef {
    name: "Error",
    module: "binascii",
    base: T::ValueError,
    body: Body::Inherit,
    subclassable: true,
    ..TypeDef::BASE
};
static INCOMPLETE: TypeDef = TypeDef {
    name: "Incomplete",
    module: "binascii",
    base: T::Exception,
    body: Body::Inherit,
    subclassable: true,
    ..TypeDef::BASE
};

fn error_class(cx: &mut Cx) -> Completion<Value> {
    cx.type_for(&ERROR).map(Value::from)
}

#[cold]
fn fail<R>(cx: &mut Cx, message: &str) -> Completion<R> {
    let class = cx.type_for(&ERROR)?;
    let text = cx.new_str(message)?;
    let e = cx.new_exception(class, &[text])?;
    Err(Escape::raise(e))
}

/// Bytes-like data or ASCII text.
fn ascii(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(o) = string::exact(v) {
        return match transfer::ascii_only(string::bytes_of(o)) {
            Ok(s) => Ok(s.to_vec()),
            Err(e) => Err(text_args::fail(cx, &e)),
        };
    }
    match buffer::bytes_like(cx, v)? {
        Some(b) => Ok(b.into_owned()),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "argument should be bytes, buffer or ASCII string, not '{name}'")
        }
    }
}

fn result(cx: &mut Cx, r: Result<Vec<u8>, String>) -> Completion<Value> {
    match r {
        Ok(out) => bytes::new(cx, &out),
        Err(message) => fail(cx, &message),
    }
}

fn a2b_base64(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = ascii(cx, args.get(0))?;
    let strict = protocol::truth(cx, args.get(1))?;
    result(cx, transfer::from_base64(&data, strict))
}

fn b2a_base64(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let mut out = transfer::to_base64(&data);
    if protocol::truth(cx, args.get(1))? {
        out.push(b'\n');
    }
    bytes::new(cx, &out)
}

fn unhexlify(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = ascii(cx, args.get(0))?;
    result(cx, transfer::from_hex(&data))
}

fn hexlify(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let out = bytes_methods::hex_text(cx, &data, args.opt(1), args.get(2))?;
    bytes::new(cx, &out)
}

fn a2b_uu(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = ascii(cx, args.get(0))?;
    result(cx, transfer::from_uu(&data))
}

fn b2a_uu(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let backtick = protocol::truth(cx, args.get(1))?;
    result(cx, transfer::to_uu(&data, backtick))
}

fn a2b_qp(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = ascii(cx, args.get(0))?;
    let header = protocol::truth(cx, args.get(1))?;
    bytes::new(cx, &transfer::from_qp(&data, header))
}

fn b2a_qp(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let options = QpOptions {
        quote_tabs: protocol::truth(cx, args.get(1))?,
        text: protocol::truth(cx, args.get(2))?,
        header: protocol::truth(cx, args.get(3))?,
    };
    bytes::new(cx, &transfer::to_qp(&data, options))
}

/// The low 64 bits of an integer argument.
fn low_bits(cx: &mut Cx, v: Value) -> Completion<u64> {
    let i = protocol::index_int(cx, v)?;
    Ok(struct_value::wide(i).unwrap_or(0) as u64)
}

pub(super) fn crc32(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let crc = low_bits(cx, args.get(1))? as u32;
    Ok(Value::small(transfer::crc32(&data, crc).into()))
}

fn crc_hqx(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let crc = low_bits(cx, args.get(1))? as u16;
    Ok(Value::small(transfer::crc_hqx(&data, crc).into()))
}
