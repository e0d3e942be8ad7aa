//! `zlib`: compression. Streams keep their state in Rust, so their methods run outside of transactions.
//!
//! `compress.rs` and `decompress.rs` hold the two ways, `inflate.rs` the stream under everything that decompresses.

mod compress;
mod decompress;
mod inflate;

use taipan_objects::{
    Args, Completion, Cx, Effect, Escape, NativeDef, Obj, T, Value,
    exc::raise_message,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, dict},
};

use self::{
    compress::{compress, compressobj},
    decompress::{ZLIB_DECOMPRESSOR, decompress, decompressobj},
};
use crate::modules::{ModuleDef, binascii, namespace, set, set_exception, set_ints};

const MAX_WBITS: i32 = 15;
/// Data shorter than this is not worth leaving a transaction for.
const SHORT: usize = 4096;

/// What surrounds the compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapper {
    Raw,
    Zlib,
    Gzip,
    /// zlib or gzip, as the data says.
    Either,
}

/// Takes `wbits` apart.
fn format(cx: &mut Cx, wbits: i32, reading: bool) -> Completion<(Wrapper, u8)> {
    let (wrapper, bits) = match wbits {
        -15..=-8 => (Wrapper::Raw, -wbits),
        0 if reading => (Wrapper::Zlib, 15),
        8..=15 => (Wrapper::Zlib, wbits),
        16 if reading => (Wrapper::Gzip, 15),
        24..=31 => (Wrapper::Gzip, wbits - 16),
        32 if reading => (Wrapper::Either, 15),
        40..=47 if reading => (Wrapper::Either, wbits - 32),
        _ => return raise!(cx, ValueError, "Invalid initialization option"),
    };
    Ok((wrapper, bits.max(9) as u8))
}

fn fail(cx: &mut Cx, message: &str) -> Escape {
    let made = (|| {
        let module = cx.world.import_module(cx, "zlib")?;
        let key = cx.intern("error")?;
        let class = match module.obj().and_then(namespace) {
            Some(d) => dict::get_item_name(cx, d, key)?,
            None => Value::UNBOUND,
        };
        let text = cx.new_str(message)?;
        protocol::call(cx, class, &[text])
    })();
    match made.map(Value::obj) {
        Ok(Some(e)) => Escape::raise(e),
        Ok(None) => raise_message(cx, T::ValueError, message),
        Err(escape) => escape,
    }
}

/// Runs work on bytes, outside of transactions if it is long.
fn work<R>(cx: &mut Cx, len: usize, mut f: impl FnMut() -> R) -> Completion<R> {
    if len < SHORT {
        (cx.world.upcalls().irrevocable)(cx)?;
        return Ok(f());
    }
    let mut result = None;
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || result = Some(f()))?;
    match result {
        Some(r) => Ok(r),
        None => raise!(cx, SystemError, "work was not done"),
    }
}

fn adler32(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    const BASE: u32 = 65_521;
    let data = buffer::expect_bytes(cx, args.get(0))?;
    let start = convert::index_big(cx, args.get(1))? as u32;
    let (mut a, mut b) = (start & 0xffff, start >> 16);
    // 5552 bytes are the most whose sums stay below 2^32.
    for chunk in data.chunks(5552) {
        for &byte in chunk {
            a += u32::from(byte);
            b += a;
        }
        (a, b) = (a % BASE, b % BASE);
    }
    Ok(Value::small((b << 16 | a).into()))
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

const INTS: &[(&str, i64)] = &[
    ("MAX_WBITS", MAX_WBITS as i64),
    ("DEFLATED", 8),
    ("DEF_MEM_LEVEL", 8),
    ("DEF_BUF_SIZE", 16_384),
    ("Z_BEST_SPEED", 1),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_NO_COMPRESSION", 0),
    ("Z_FILTERED", 1),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_RLE", 3),
    ("Z_FIXED", 4),
    ("Z_DEFAULT_STRATEGY", 0),
    ("Z_FINISH", 4),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_SYNC_FLUSH", 2),
    ("Z_FULL_FLUSH", 3),
    ("Z_BLOCK", 5),
    ("Z_TREES", 6),
];

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    set_ints(cx, module, INTS)?;
    set_exception(cx, module, ("zlib", "error"), &[cx.class(T::Exception).into()])?;
    for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"] {
        let text = cx.new_str("1.3.0")?;
        set(cx, module, name, text)?;
    }
    Ok(())
}

/// `zlib`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "zlib",
    doc: "The functions in this module allow compression and decompression using the\nzlib library, which is based on GNU zip.",
    functions: &[
        row("compress", "(data, /, level=-1, wbits=15)", Effect::Blocking, compress),
        row("decompress", "(data, /, wbits=15, bufsize=16384)", Effect::Blocking, decompress),
        row(
            "compressobj",
            "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)",
            Effect::Transactional,
            compressobj,
        ),
        row("decompressobj", "(wbits=15, zdict=None)", Effect::Transactional, decompressobj),
        row("adler32", "(data, value=1, /)", Effect::Transactional, adler32),
        row("crc32", "(data, value=0, /)", Effect::Transactional, binascii::crc32),
    ],
    types: &[&ZLIB_DECOMPRESSOR],
    exec,
};
