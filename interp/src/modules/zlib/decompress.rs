//! Decompressing: `decompress`, `decompressobj`, and the objects that do it piece by piece.

use parking_lot::Mutex;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, GetSetDef, Kind, TypeDef, Value,
    heap::{NativeData, native_data},
    protocol::convert,
    raise,
    types::{buffer, bytes},
};

use super::{
    SHORT, fail, format,
    inflate::{Stream, Trouble},
    row, work,
};
use crate::modules::posix::files::int_arg;

fn trouble(cx: &mut Cx, trouble: Trouble, doing: &str) -> Escape {
    let text = match trouble {
        Trouble::NeedsDictionary => format!("Error 2 while {doing}"),
        Trouble::BadDictionary => {
            return fail(cx, "Error -3 while setting zdict: incorrect data check");
        }
        Trouble::Data(text) => format!("Error -3 while {doing}: {text}"),
    };
    fail(cx, &text)
}

pub(super) fn decompress(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(0))?.into_owned();
    let wbits = int_arg(cx, args.get(1))?;
    if convert::index_i64(cx, args.get(2))? < 0 {
        return raise!(cx, ValueError, "bufsize must be non-negative");
    }
    let (wrapper, bits) = format(cx, wbits, true)?;
    let mut stream = Stream::new(wrapper, bits, None);
    let mut result = Ok((Vec::new(), 0));
    if data.len() < SHORT {
        result = stream.inflate(&data, 0);
    } else {
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || result = stream.inflate(&data, 0))?;
    }
    match result {
        Ok((out, _)) if stream.eof => bytes::new(cx, &out),
        Ok(_) => {
            let text = "Error -5 while decompressing data: incomplete or truncated stream";
            Err(fail(cx, text))
        }
        Err(t) => Err(trouble(cx, t, "decompressing data")),
    }
}

struct Decompressor(Mutex<Stream>);

impl NativeData for Decompressor {}

/// `zlib.Decompress`, what `decompressobj` makes.
static DECOMPRESS: TypeDef = TypeDef {
    name: "Decompress",
    module: "zlib",
    body: Body::Words(Kind::Record, 3),
    methods: &[
        row("decompress", "(self, data, /, max_length=0)", Effect::Blocking, decompress_more),
        row("flush", "(self, length=16384, /)", Effect::Blocking, decompress_flush),
    ],
    getset: &[
        get_eof(),
        get_unused(),
        GetSetDef {
            name: "unconsumed_tail",
            get: |cx, v| {
                let tail = decompressor_of(cx, v)?.0.lock().unconsumed.clone();
                bytes::new(cx, &tail)
            },
            set: None,
            doc: "",
        },
    ],
    ..TypeDef::BASE
};

const fn get_unused() -> GetSetDef {
    GetSetDef {
        name: "unused_data",
        get: |cx, v| {
            let unused = decompressor_of(cx, v)?.0.lock().unused.clone();
            bytes::new(cx, &unused)
        },
        set: None,
        doc: "",
    }
}

const fn get_eof() -> GetSetDef {
    GetSetDef {
        name: "eof",
        get: |cx, v| Ok(decompressor_of(cx, v)?.0.lock().eof.into()),
        set: None,
        doc: "",
    }
}

pub(super) fn decompressobj(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let wbits = int_arg(cx, args.get(0))?;
    let (wrapper, bits) = format(cx, wbits, true)?;
    let dictionary = match args.not_none(1) {
        Some(v) => Some(buffer::expect_bytes(cx, v)?.into_owned()).filter(|d| !d.is_empty()),
        None => None,
    };
    let class = cx.type_for(&DECOMPRESS)?;
    let stream = Stream::new(wrapper, bits, dictionary);
    cx.new_native(class, Decompressor(Mutex::new(stream))).map(Value::from)
}

fn decompressor_of(cx: &mut Cx, v: Value) -> Completion<&'static Decompressor> {
    match v.obj().and_then(native_data::<Decompressor>) {
        Some(d) => Ok(d),
        None => raise!(cx, TypeError, "decompression object expected"),
    }
}

fn decompress_more(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let Ok(most) = usize::try_from(convert::index_i64(cx, args.get(2))?) else {
        return raise!(cx, ValueError, "max_length must be non-negative");
    };
    let d = decompressor_of(cx, args.this())?;
    let result = work(cx, data.len(), || {
        let mut stream = d.0.lock();
        let (out, used) = stream.inflate(&data, most)?;
        if stream.eof {
            stream.unused.extend_from_slice(&data[used..]);
            stream.unconsumed.clear();
        } else {
            stream.unconsumed = data[used..].to_vec();
        }
        Ok(out)
    })?;
    match result {
        Ok(out) => bytes::new(cx, &out),
        Err(t) => Err(trouble(cx, t, "decompressing data")),
    }
}

fn decompress_flush(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if convert::index_i64(cx, args.get(1))? <= 0 {
        return raise!(cx, ValueError, "length must be greater than zero");
    }
    let d = decompressor_of(cx, args.this())?;
    let result = work(cx, 0, || {
        let mut stream = d.0.lock();
        let data = std::mem::take(&mut stream.unconsumed);
        let (out, used) = stream.inflate(&data, 0)?;
        if stream.eof {
            stream.unused.extend_from_slice(&data[used..]);
        }
        Ok(out)
    })?;
    match result {
        Ok(out) => bytes::new(cx, &out),
        Err(t) => Err(trouble(cx, t, "flushing")),
    }
}

/// `zlib._ZlibDecompressor`, which keeps its input itself.
pub(super) static ZLIB_DECOMPRESSOR: TypeDef = TypeDef {
    name: "_ZlibDecompressor",
    module: "zlib",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[row(
        "__new__",
        "(cls, wbits=15, zdict=b'')",
        Effect::Transactional,
        |cx, args| {
            let wbits = args.opt(1).unwrap_or(Value::small(15));
            let wbits = int_arg(cx, wbits)?;
            let (wrapper, bits) = format(cx, wbits, true)?;
            let dictionary = match args.not_none(2) {
                Some(v) => Some(buffer::expect_bytes(cx, v)?.into_owned()),
                None => None,
            };
            let dictionary = dictionary.filter(|d| !d.is_empty());
            let class = cx.type_for(&ZLIB_DECOMPRESSOR)?;
            let stream = Stream::new(wrapper, bits, dictionary);
            cx.new_native(class, Decompressor(Mutex::new(stream))).map(Value::from)
        },
    )],
    methods: &[row(
        "decompress",
        "(self, data, max_length=-1)",
        Effect::Blocking,
        decompress_buffered,
    )],
    getset: &[
        get_eof(),
        get_unused(),
        GetSetDef {
            name: "needs_input",
            get: |cx, v| {
                let stream = decompressor_of(cx, v)?.0.lock();
                Ok((!stream.eof && stream.unconsumed.is_empty()).into())
            },
            set: None,
            doc: "",
        },
    ],
    ..TypeDef::BASE
};

fn decompress_buffered(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, args.get(1))?.into_owned();
    let most = convert::index_i64(cx, args.get(2))?;
    let d = decompressor_of(cx, args.this())?;
    if d.0.lock().eof {
        return raise!(cx, EOFError, "End of stream already reached");
    }
    let result = work(cx, data.len(), || {
        let mut stream = d.0.lock();
        let mut all = std::mem::take(&mut stream.unconsumed);
        all.extend_from_slice(&data);
        if most == 0 {
            stream.unconsumed = all;
            return Ok(Vec::new());
        }
        let (out, used) = stream.inflate(&all, usize::try_from(most).unwrap_or(0))?;
        let rest = all[used..].to_vec();
        if stream.eof {
            stream.unused = rest;
        } else {
            stream.unconsumed = rest;
        }
        Ok(out)
    })?;
    match result {
        Ok(out) => bytes::new(cx, &out),
        Err(t) => Err(trouble(cx, t, "decompressing data")),
    }
}
