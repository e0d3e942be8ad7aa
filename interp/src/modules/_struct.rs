//! `_struct`: packed binary data.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, T, TypeDef, Value,
    heap::native_data,
    native::GetSetDef,
    protocol::{self, RootVec},
    raise,
    text::struct_fmt::{self, Layout},
    types::{
        buffer, bytearray, bytes, memoryview, str as string,
        struct_value::{self, Misfit},
        text_args::check_size,
    },
};

use super::{ModuleDef, set};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `_struct`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_struct",
    doc: "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data representing the C struct\nand also as format strings (explained below) to describe the layout of data\nin the C struct.\n\nThe optional first format char indicates byte order, size and alignment:\n  @: native order, size & alignment (default)\n  =: native order, std. size & alignment\n  <: little-endian, std. size & alignment\n  >: big-endian, std. size & alignment\n  !: same as >",
    functions: &[
        row!("_clearcache", "()", |_, _| Ok(Value::NONE), "Clear the internal cache."),
        row!(
            "calcsize",
            "(format, /)",
            calcsize,
            "Return size in bytes of the struct described by the format string."
        ),
        row!(
            "iter_unpack",
            "(format, buffer, /)",
            iter_unpack,
            "Return an iterator yielding tuples unpacked from the given bytes.\n\nThe bytes are unpacked according to the format string, like\na repeated invocation of unpack_from().\n\nRequires that the bytes length be a multiple of the format struct size."
        ),
        row!(
            "pack",
            "(format=<unset>, /, *values)",
            pack,
            "pack(format, v1, v2, ...) -> bytes\n\nReturn a bytes object containing the values v1, v2, ... packed according\nto the format string.  See help(struct) for more on format strings."
        ),
        row!(
            "pack_into",
            "(format, buffer, offset=<unset>, /, *values)",
            pack_into,
            "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string and write\nthe packed bytes into the writable buffer buf starting at offset.  Note\nthat the offset is a required argument.  See help(struct) for more\non format strings."
        ),
        row!(
            "unpack",
            "(format, buffer, /)",
            unpack,
            "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size in bytes must be calcsize(format).\n\nSee help(struct) for more on format strings."
        ),
        row!(
            "unpack_from",
            "(format, /, buffer, offset=0)",
            unpack_from,
            "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size, minus offset, must be at least calcsize(format).\n\nSee help(struct) for more on format strings."
        ),
    ],
    exec: |cx, module| {
        let error = cx.type_for(&ERROR)?;
        set(cx, module, "error", error.into())?;
        let class = cx.type_for(&STRUCT)?;
        set(cx, module, "Struct", class.into())
    },
    ..ModuleDef::BASE
};

static ERROR: TypeDef = TypeDef {
    name: "error",
    module: "struct",
    base: T::Exception,
    body: Body::Inherit,
    subclassable: true,
    ..TypeDef::BASE
};

/// A `Struct`: the native data holds the layout, a slot the format.
static STRUCT: TypeDef = TypeDef {
    name: "Struct",
    module: "_struct",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[row!(
        "__new__",
        "(type, /, *args, **kwargs)",
        struct_new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    methods: &[
        row!(
            "__init__",
            "(self, /, *args, **kwargs)",
            |_, _| Ok(Value::NONE),
            "Initialize self.  See help(type(self)) for accurate signature."
        ),
        row!("__repr__", "(self, /)", struct_repr, "Return repr(self)."),
        row!(
            "iter_unpack",
            "(self, buffer, /)",
            |cx, args| iterate(cx, args.this(), args.get(1)),
            "Return an iterator yielding tuples.\n\nTuples are unpacked from the given bytes source, like a repeated\ninvocation of unpack_from().\n\nRequires that the bytes length be a multiple of the struct size."
        ),
        row!(
            "pack",
            "(self, /, *values)",
            |cx, args| {
                let layout = layout_of(cx, args.this())?;
                packed(cx, layout, args.rest(1), "pack")
            },
            "S.pack(v1, v2, ...) -> bytes\n\nReturn a bytes object containing values v1, v2, ... packed according\nto the format string S.format.  See help(struct) for more on format\nstrings."
        ),
        row!(
            "pack_into",
            "(self, buffer, offset=<unset>, /, *values)",
            |cx, args| {
                let layout = layout_of(cx, args.this())?;
                write_into(cx, layout, args.get(1), args.opt(2), args.rest(3))
            },
            "S.pack_into(buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string S.format\nand write the packed bytes into the writable buffer buf starting at\noffset.  Note that the offset is a required argument.  See\nhelp(struct) for more on format strings."
        ),
        row!(
            "unpack",
            "(self, buffer, /)",
            |cx, args| {
                let layout = layout_of(cx, args.this())?;
                unpacked(cx, layout, args.get(1))
            },
            "Return a tuple containing unpacked values.\n\nUnpack according to the format string Struct.format. The buffer's size\nin bytes must be Struct.size.\n\nSee help(struct) for more on format strings."
        ),
        row!(
            "unpack_from",
            "(self, /, buffer, offset=0)",
            |cx, args| {
                let layout = layout_of(cx, args.this())?;
                unpacked_from(cx, layout, args.get(1), args.get(2))
            },
            "Return a tuple containing unpacked values.\n\nValues are unpacked according to the format string Struct.format.\n\nThe buffer's size in bytes, starting at position offset, must be\nat least Struct.size.\n\nSee help(struct) for more on format strings."
        ),
    ],
    getset: &[
        GetSetDef {
            name: "format",
            get: |cx, this| match this.obj() {
                Some(o) => cx.read(o, FORMAT),
                None => Ok(Value::NONE),
            },
            set: None,
            doc: "struct format string",
        },
        GetSetDef {
            name: "size",
            get: |cx, this| Ok(Value::small(layout_of(cx, this)?.size as i64)),
            set: None,
            doc: "struct size in bytes",
        },
    ],
    doc: "Struct(fmt) --> compiled struct object",
    ..TypeDef::BASE
};

const FORMAT: usize = 3;

struct Compiled(Layout);

impl taipan_objects::heap::NativeData for Compiled {
    fn trace(&self, _marker: &mut taipan_objects::heap::Marker<'_>) {}
}

#[cold]
fn fail<R>(cx: &mut Cx, message: &str) -> Completion<R> {
    let class = cx.type_for(&ERROR)?;
    let text = cx.new_str(message)?;
    let e = cx.new_exception(class, &[text])?;
    Err(taipan_objects::Escape::raise(e))
}

/// The bytes of a format argument.
fn format_bytes(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(o) = string::exact(v) {
        if !string::is_ascii(o) {
            let name = cx.new_str("ascii")?;
            taipan_objects::types::codec::encode(cx, o, Some(name), None)?;
        }
        return Ok(string::bytes_of(o).to_vec());
    }
    match bytes::exact(v) {
        Some(b) => Ok(b.raw_bytes().to_vec()),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "Struct() argument 1 must be a str or bytes object, not {name}")
        }
    }
}

fn parse(cx: &mut Cx, format: Value) -> Completion<Layout> {
    let text = format_bytes(cx, format)?;
    match struct_fmt::parse(&text) {
        Ok(layout) => Ok(layout),
        Err(message) => fail(cx, &message),
    }
}

fn layout_of(cx: &mut Cx, v: Value) -> Completion<&'static Layout> {
    match v.obj().and_then(native_data::<Compiled>) {
        Some(c) => Ok(&c.0),
        None => raise!(cx, RuntimeError, "Struct object is not initialized"),
    }
}

fn struct_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let format = match (args.rest(1), args.get(2).obj()) {
        ([format, ..], _) => *format,
        (_, Some(kwargs)) => {
            let key = cx.intern("format")?;
            taipan_objects::types::dict::get_item(cx, kwargs, key)?
        }
        _ => Value::UNBOUND,
    };
    if format.is_unbound() {
        return raise!(cx, TypeError, "Struct() missing required argument 'format' (pos 1)");
    }
    let layout = parse(cx, format)?;
    let shown = format_bytes(cx, format)?;
    let shown = taipan_objects::types::text_args::new_text(cx, &shown)?;
    let class = match args.get(0).obj() {
        Some(class) => class,
        None => cx.type_for(&STRUCT)?,
    };
    let o = cx.new_native(class, Compiled(layout))?;
    o.init(FORMAT, shown);
    Ok(o.into())
}

fn struct_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let format = cx.read(args.this_obj(), FORMAT)?;
    let (name, format) =
        (cx.short_type_name(args.this()), protocol::convert::repr_text(cx, format)?);
    cx.new_str(&format!("{name}({format})"))
}

fn calcsize(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(parse(cx, args.get(0))?.size as i64))
}

fn pack(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.opt(0).is_none() {
        return raise!(cx, TypeError, "missing format argument");
    }
    let layout = parse(cx, args.get(0))?;
    packed(cx, &layout, args.rest(1), "pack")
}

fn encode(cx: &mut Cx, layout: &Layout, values: &[Value], what: &str) -> Completion<Vec<u8>> {
    let (wanted, got) = (layout.values, values.len());
    if wanted != got {
        return fail(cx, &format!("{what} expected {wanted} items for packing (got {got})"));
    }
    let mut out = vec![0; check_size(cx, Some(layout.size))?];
    let mut values = values.iter();
    for item in &layout.items {
        for k in 0..item.repeat {
            let at = item.offset + k * item.size;
            let Some(&v) = values.next() else { break };
            match struct_value::pack(cx, item, layout, v, &mut out[at..at + item.size]) {
                Ok(()) => {}
                Err(Misfit::Message(m) | Misfit::Type(m)) => return fail(cx, &m),
                Err(Misfit::Escape(e)) => return Err(e),
            }
        }
    }
    Ok(out)
}

fn packed(cx: &mut Cx, layout: &Layout, values: &[Value], what: &str) -> Completion<Value> {
    let out = encode(cx, layout, values, what)?;
    bytes::new(cx, &out)
}

fn decode(cx: &mut Cx, layout: &Layout, data: &[u8]) -> Completion<Value> {
    let mut all = RootVec::new();
    for item in &layout.items {
        for k in 0..item.repeat {
            let at = item.offset + k * item.size;
            let part = data.get(at..at + item.size).unwrap_or_default();
            let v = struct_value::unpack(cx, item, part, layout.big)?;
            all.push(cx, v)?;
        }
    }
    cx.new_tuple(all.as_slice())
}

fn unpack(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let layout = parse(cx, args.get(0))?;
    unpacked(cx, &layout, args.get(1))
}

fn unpacked(cx: &mut Cx, layout: &Layout, v: Value) -> Completion<Value> {
    let data = buffer::expect_bytes(cx, v)?;
    let size = layout.size;
    if data.len() != size {
        return fail(cx, &format!("unpack requires a buffer of {size} bytes"));
    }
    decode(cx, layout, &data)
}

fn unpack_from(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let layout = parse(cx, args.get(0))?;
    unpacked_from(cx, &layout, args.get(1), args.get(2))
}

/// The start of `size` bytes at `offset` in a buffer of `len`, or the error for there being too few.
fn place(
    cx: &mut Cx,
    size: usize,
    offset: i64,
    len: usize,
    function: &str,
    verb: &str,
) -> Completion<usize> {
    if offset < 0 {
        if offset + size as i64 > 0 {
            let what =
                if verb == "packing" { "no space to pack" } else { "not enough data to unpack" };
            return fail(cx, &format!("{what} {size} bytes at offset {offset}"));
        }
        if offset + (len as i64) < 0 {
            return fail(cx, &format!("offset {offset} out of range for {len}-byte buffer"));
        }
    }
    let start = if offset < 0 { offset + len as i64 } else { offset } as usize;
    if len < start || len - start < size {
        let least = size + start;
        return fail(
            cx,
            &format!(
                "{function} requires a buffer of at least {least} bytes for {verb} {size} bytes at offset {start} (actual buffer size is {len})"
            ),
        );
    }
    Ok(start)
}

fn unpacked_from(cx: &mut Cx, layout: &Layout, v: Value, offset: Value) -> Completion<Value> {
    let offset = protocol::index_i64(cx, offset)?;
    let data = buffer::expect_bytes(cx, v)?;
    let start = place(cx, layout.size, offset, data.len(), "unpack_from", "unpacking")?;
    decode(cx, layout, &data[start..start + layout.size])
}

fn pack_into(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let layout = parse(cx, args.get(0))?;
    write_into(cx, &layout, args.get(1), args.opt(2), args.rest(3))
}

fn write_into(
    cx: &mut Cx,
    layout: &Layout,
    target: Value,
    offset: Option<Value>,
    values: &[Value],
) -> Completion<Value> {
    let Some(offset) = offset else { return fail(cx, "pack_into expected offset argument") };
    let (wanted, got) = (layout.values, values.len());
    if wanted != got {
        return fail(cx, &format!("pack_into expected {wanted} items for packing (got {got})"));
    }
    let view = memoryview::over(cx, target)?;
    let Some((exporter, from, len)) =
        memoryview::window(cx, view)?.filter(|(o, ..)| o.kind() == Kind::ByteArray)
    else {
        let name = cx.type_name(target);
        return raise!(cx, TypeError, "argument must be read-write bytes-like object, not {name}");
    };
    let offset = protocol::index_i64(cx, offset)?;
    let start = place(cx, layout.size, offset, len, "pack_into", "packing")?;
    let out = encode(cx, layout, values, "pack_into")?;
    bytearray::write_at(cx, exporter, from + start, &out)?;
    Ok(Value::NONE)
}

static UNPACK_ITERATOR: TypeDef = TypeDef {
    name: "unpack_iterator",
    module: "_struct",
    body: Body::Words(Kind::Record, 5),
    methods: &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!("__next__", "(self, /)", next, "Implement next(self)."),
        row!(
            "__length_hint__",
            "(self, /)",
            length_hint,
            "Return an estimate of the number of items left."
        ),
    ],
    ..TypeDef::BASE
};

const ITER_STRUCT: usize = 2;
const ITER_DATA: usize = 3;
const ITER_AT: usize = 4;

fn iter_unpack(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&STRUCT)?;
    let compiled = protocol::call(cx, class.into(), &[args.get(0)])?;
    iterate(cx, compiled, args.get(1))
}

fn iterate(cx: &mut Cx, compiled: Value, v: Value) -> Completion<Value> {
    let size = layout_of(cx, compiled)?.size;
    let data = buffer::expect_bytes(cx, v)?;
    if size == 0 {
        return fail(cx, "cannot iteratively unpack with a struct of length 0");
    }
    if !data.len().is_multiple_of(size) {
        return fail(
            cx,
            &format!("iterative unpacking requires a buffer of a multiple of {size} bytes"),
        );
    }
    let class = cx.type_for(&UNPACK_ITERATOR)?;
    let data = bytes::new(cx, &data)?;
    let o = cx.new_instance(class)?;
    o.init(ITER_STRUCT, compiled);
    o.init(ITER_DATA, data);
    o.init(ITER_AT, Value::small(0));
    Ok(o.into())
}

fn state(cx: &mut Cx, it: Obj) -> Completion<(&'static Layout, &'static [u8], usize)> {
    let compiled = cx.read(it, ITER_STRUCT)?;
    let layout = layout_of(cx, compiled)?;
    let data = bytes::exact(cx.read(it, ITER_DATA)?).map_or(&b""[..], Obj::raw_bytes);
    let at = cx.read(it, ITER_AT)?.small_int().unwrap_or(0) as usize;
    Ok((layout, data, at))
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let (layout, data, at) = state(cx, it)?;
    let Some(part) = data.get(at..at + layout.size) else { return Ok(Value::UNBOUND) };
    let v = decode(cx, layout, part)?;
    cx.set(it, ITER_AT, Value::small((at + layout.size) as i64))?;
    Ok(v)
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (layout, data, at) = state(cx, args.this_obj())?;
    Ok(Value::small(((data.len() - at.min(data.len())) / layout.size.max(1)) as i64))
}
