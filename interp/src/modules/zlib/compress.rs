//! Compressing: `compress`, `compressobj` and its objects.

use flate2::{Compress, Compression, FlushCompress, Status};
use parking_lot::Mutex;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, TypeDef, Value,
    heap::{NativeData, native_data},
    raise,
    types::{buffer, bytes},
};

use super::{SHORT, Wrapper, fail, format, row, work};
use crate::modules::posix::files::int_arg;

fn compressor(cx: &mut Cx, level: Value, wbits: Value) -> Completion<Compress> {
    let level = int_arg(cx, level)?;
    let level = match level {
        -1 => Compression::default(),
        0..=9 => Compression::new(level as u32),
        _ => return Err(fail(cx, "Bad compression level")),
    };
    let wbits = int_arg(cx, wbits)?;
    let (wrapper, bits) = format(cx, wbits, false)?;
    Ok(match wrapper {
        Wrapper::Gzip => Compress::new_gzip(level, bits),
        wrapper => Compress::new_with_window_bits(level, wrapper == Wrapper::Zlib, bits),
    })
}

/// Feeds `data` and collects what comes out, until a flush of the given kind is complete.
fn deflate(c: &mut Compress, data: &[u8], flush: FlushCompress) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(data.len() / 2 + 64);
    let mut rest = data;
    loop {
        if out.capacity() - out.len() < 64 {
            out.reserve(out.len().max(4096));
        }
        let (before_in, before_out) = (c.total_in(), out.len());
        let status = c.compress_vec(rest, &mut out, flush).map_err(|e| e.to_string())?;
        rest = &rest[(c.total_in() - before_in) as usize..];
        let is_full = out.len() == out.capacity();
        match status {
            Status::StreamEnd => return Ok(out),
            _ if is_full => {}
            Status::BufError => return Ok(out),
            Status::Ok if flush != FlushCompress::Finish && rest.is_empty() => return Ok(out),
            Status::Ok if out.len() == before_out && rest.is_empty() => {
                return Ok(out);
            }
            Status::Ok => {}
        }
    }
}

pub(super) fn compress(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?.into_owned();
    let mut c = compressor(cx, args.get(1), args.get(2))?;
    let mut result = Ok(Vec::new());
    if data.len() < SHORT {
        result = deflate(&mut c, &data, FlushCompress::Finish);
    } else {
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || result = deflate(&mut c, &data, FlushCompress::Finish))?;
    }
    match result {
        Ok(out) => bytes::new(cx, &out),
        Err(text) => Err(fail(cx, &format!("Error -2 while compressing data: {text}"))),
    }
}

struct Compressor(Mutex<Option<Compress>>);

impl NativeData for Compressor {}

static COMPRESS: TypeDef = TypeDef {
    name: "Compress",
    module: "zlib",
    body: Body::Words(Kind::Record, 3),
    methods: &[
        row("compress", "(self, data, /)", Effect::Blocking, compress_more),
        row("flush", "(self, mode=4, /)", Effect::Blocking, compress_flush),
    ],
    ..TypeDef::BASE
};

pub(super) fn compressobj(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if int_arg(cx, args.get(1))? != 8 {
        return raise!(cx, ValueError, "Invalid initialization option");
    }
    let mut c = compressor(cx, args.get(0), args.get(2))?;
    if let Some(dictionary) = args.not_none(5) {
        let dictionary = buffer::expect_bytes(cx, dictionary)?.into_owned();
        if c.set_dictionary(&dictionary).is_err() {
            return raise!(cx, ValueError, "Invalid dictionary");
        }
    }
    let class = cx.type_for(&COMPRESS)?;
    cx.new_native(class, Compressor(Mutex::new(Some(c)))).map(Value::from)
}

fn compressor_of(cx: &mut Cx, v: Value) -> Completion<&'static Compressor> {
    match v.obj().and_then(native_data::<Compressor>) {
        Some(c) => Ok(c),
        None => raise!(cx, TypeError, "compression object expected"),
    }
}

fn feed(cx: &mut Cx, v: Value, data: &[u8], flush: FlushCompress) -> Completion<Value> {
    let c = compressor_of(cx, v)?;
    let result = work(cx, data.len(), || {
        let mut state = c.0.lock();
        let Some(compress) = state.as_mut() else { return Err("stream error".to_owned()) };
        let result = deflate(compress, data, flush);
        if flush == FlushCompress::Finish {
            *state = None;
        }
        result
    })?;
    match result {
        Ok(out) => bytes::new(cx, &out),
        Err(text) => {
            let doing = if flush == FlushCompress::None { "compressing data" } else { "flushing" };
            Err(fail(cx, &format!("Error -2 while {doing}: {text}")))
        }
    }
}

fn compress_more(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    feed(cx, args.this(), &data, FlushCompress::None)
}

fn compress_flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let flush = match int_arg(cx, args.get(1))? {
        0 => return bytes::new(cx, b""),
        // 5, the end of the block at hand: further than asked for.
        1 | 5 => FlushCompress::Partial,
        2 => FlushCompress::Sync,
        3 => FlushCompress::Full,
        _ => FlushCompress::Finish,
    };
    feed(cx, args.this(), b"", flush)
}
