//! `zlib`: compression. Streams keep their state in Rust, so their methods run outside of transactions.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use parking_lot::Mutex;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    heap::{NativeData, native_data},
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, dict},
};

use super::{ModuleDef, binascii, namespace, posix::files::int_arg, set, set_ints};

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
        Ok(None) => taipan_objects::exc::raise_message(cx, T::ValueError, message),
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

// ---- compressing ----------------------------------------------------------------------------

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

fn compress(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn compressobj(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

// ---- decompressing --------------------------------------------------------------------------

struct Stream {
    wrapper: Wrapper,
    bits: u8,
    dictionary: Option<Vec<u8>>,
    /// Made when the first bytes tell the wrapper.
    inner: Option<Decompress>,
    eof: bool,
    unused: Vec<u8>,
    unconsumed: Vec<u8>,
}

enum Trouble {
    NeedsDictionary,
    BadDictionary,
    Data(String),
}

impl Stream {
    fn new(wrapper: Wrapper, bits: u8, dictionary: Option<Vec<u8>>) -> Self {
        let (unused, unconsumed) = (Vec::new(), Vec::new());
        Self { wrapper, bits, dictionary, inner: None, eof: false, unused, unconsumed }
    }

    fn open(&mut self, data: &[u8]) -> Result<&mut Decompress, Trouble> {
        if self.inner.is_none() {
            let is_gzip = match self.wrapper {
                Wrapper::Either => data.first() == Some(&0x1f),
                wrapper => wrapper == Wrapper::Gzip,
            };
            let mut made = if is_gzip {
                Decompress::new_gzip(self.bits)
            } else {
                Decompress::new_with_window_bits(self.wrapper != Wrapper::Raw, self.bits)
            };
            if self.wrapper == Wrapper::Raw
                && let Some(dictionary) = &self.dictionary
                && made.set_dictionary(dictionary).is_err()
            {
                return Err(Trouble::BadDictionary);
            }
            self.inner = Some(made);
        }
        match &mut self.inner {
            Some(inner) => Ok(inner),
            None => Err(Trouble::Data("stream error".to_owned())),
        }
    }

    /// Decompresses at most `most` bytes (0: all). Returns them and how much of `data` was used.
    fn inflate(&mut self, data: &[u8], most: usize) -> Result<(Vec<u8>, usize), Trouble> {
        if self.eof || data.is_empty() && self.inner.is_none() {
            return Ok((Vec::new(), 0));
        }
        let mut out = Vec::new();
        let mut used = 0;
        loop {
            let room = if most == 0 { usize::MAX } else { most - out.len() };
            if room == 0 {
                return Ok((out, used));
            }
            let step = out.len().clamp(16_384, 1 << 24).min(room);
            let dictionary = self.dictionary.clone();
            let inner = self.open(data)?;
            let (before_in, before_out) = (inner.total_in(), out.len());
            let mut chunk = Vec::with_capacity(step);
            let status = inner.decompress_vec(&data[used..], &mut chunk, FlushDecompress::Sync);
            used += (inner.total_in() - before_in) as usize;
            out.extend_from_slice(&chunk);
            match status {
                Ok(Status::StreamEnd) => {
                    self.eof = true;
                    return Ok((out, used));
                }
                Ok(Status::BufError) => return Ok((out, used)),
                Ok(Status::Ok) => {
                    let is_full = out.len() - before_out == step;
                    if !is_full && used == data.len() {
                        return Ok((out, used));
                    }
                    if out.len() == before_out && inner.total_in() == before_in {
                        return Ok((out, used));
                    }
                }
                Err(e) if e.needs_dictionary().is_some() => match dictionary {
                    None => return Err(Trouble::NeedsDictionary),
                    Some(dictionary) => {
                        if inner.set_dictionary(&dictionary).is_err() {
                            return Err(Trouble::BadDictionary);
                        }
                    }
                },
                Err(e) => {
                    let text = e.message().unwrap_or("invalid data").to_owned();
                    return Err(Trouble::Data(text));
                }
            }
        }
    }
}

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

fn decompress(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

fn decompressobj(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
static ZLIB_DECOMPRESSOR: TypeDef = TypeDef {
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

// ---- the module -----------------------------------------------------------------------------

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
    let names = dict::new(cx)?;
    let (key, zlib) = (cx.intern("__module__")?, cx.intern("zlib")?);
    dict::set_item(cx, names, key, zlib)?;
    let base = cx.class(T::Exception);
    let bases = cx.new_tuple(&[base.into()])?;
    let name = cx.intern("error")?;
    let class = protocol::call(cx, cx.class(T::type_).into(), &[name, bases, names.into()])?;
    set(cx, module, "error", class)?;
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
