//! `_io`: files, buffers, text, in-memory streams, `open`.

pub mod base;
pub mod buffered;
mod encodings;
pub mod fileio;
pub mod memory;
pub mod newline_decoder;
pub mod newlines;
pub mod rope;
pub mod stringio;
pub mod text;
mod turn;

use taipan_objects::{
    Args, Completion, Cx, Effect, Kind, NativeDef, Obj, T, TypeDef, Value, class,
    protocol::{self, convert},
    raise,
    types::str as string,
};

use self::base::{attr, call, call_truth};
use super::{ModuleDef, set, set_exception};
use crate::vm::state::vm_ref;

struct Mode {
    raw: String,
    text: bool,
    updating: bool,
    writing: bool,
}

fn parse_mode(cx: &mut Cx, mode: &str) -> Completion<Mode> {
    let has = |c| mode.contains(c);
    let repeated = mode.chars().enumerate().any(|(i, c)| mode[..i].contains(c));
    if mode.chars().any(|c| !"xrwab+t".contains(c)) || repeated {
        return raise!(cx, ValueError, "invalid mode: '{mode}'");
    }
    if has('t') && has('b') {
        return raise!(cx, ValueError, "can't have text and binary mode at once");
    }
    if "xrwa".chars().filter(|&c| has(c)).count() != 1 {
        return raise!(cx, ValueError, "must have exactly one of create/read/write/append mode");
    }
    let raw = mode.chars().filter(|c| "xrwa+".contains(*c)).collect();
    Ok(Mode { raw, text: !has('b'), updating: has('+'), writing: has('x') || has('w') || has('a') })
}

fn check_binary(cx: &mut Cx, args: Args<'_>) -> Completion<()> {
    for (i, what) in [(3, "an encoding"), (4, "an errors"), (5, "a newline")] {
        if args.not_none(i).is_some() {
            return raise!(cx, ValueError, "binary mode doesn't take {what} argument");
        }
    }
    Ok(())
}

fn open(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(text) = string::text(args.get(1)) else {
        let got = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "open() argument 'mode' must be str, not {got}");
    };
    let mode = parse_mode(cx, text)?;
    let buffering = convert::index_i64(cx, args.get(2))?;
    if !mode.text {
        check_binary(cx, args)?;
    }
    if mode.text && buffering == 0 {
        return raise!(cx, ValueError, "can't have unbuffered text I/O");
    }
    let file_io = cx.type_for(&fileio::FILE_IO)?;
    let raw_mode = cx.new_str(&mode.raw)?;
    let raw =
        protocol::call(cx, file_io.into(), &[args.get(0), raw_mode, args.get(6), args.get(7)])?;
    match wrap(cx, args, &mode, raw, buffering) {
        Ok(v) => Ok(v),
        Err(escape) if escape.is_abort() => Err(escape),
        Err(escape) => {
            call(cx, raw, "close", &[])?;
            Err(escape)
        }
    }
}

fn wrap(
    cx: &mut Cx,
    args: Args<'_>,
    mode: &Mode,
    raw: Value,
    mut buffering: i64,
) -> Completion<Value> {
    let mut line_buffering = buffering == 1 && mode.text;
    if buffering == 0 {
        return Ok(raw);
    }
    if buffering < 0 && call_truth(cx, raw, "isatty")? {
        line_buffering = mode.text;
    }
    if buffering < 2 {
        buffering = buffered::BUFFER_SIZE as i64;
    }
    let def = match (mode.updating, mode.writing) {
        (true, _) => &buffered::BUFFERED_RANDOM,
        (_, true) => &buffered::BUFFERED_WRITER,
        _ => &buffered::BUFFERED_READER,
    };
    let class = cx.type_for(def)?;
    let buffer = protocol::call(cx, class.into(), &[raw, Value::small(buffering)])?;
    if !mode.text {
        return Ok(buffer);
    }
    let class = cx.type_for(&text::TEXT_IO_WRAPPER)?;
    let given = |i| args.opt(i).unwrap_or(Value::NONE);
    let wrapper = protocol::call(
        cx,
        class.into(),
        &[buffer, given(3), given(4), given(5), line_buffering.into()],
    )?;
    let name = cx.intern("mode")?;
    protocol::set_attr(cx, wrapper, name, args.get(1))?;
    Ok(wrapper)
}

fn open_code(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::exact(args.get(0)).is_none() {
        let got = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "open_code() argument 'path' must be str, not {got}");
    }
    let module = cx.world.import_module(cx, "_io")?;
    let mode = cx.new_str("rb")?;
    call(cx, module, "open", &[args.get(0), mode])
}

fn text_encoding(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if !args.get(0).is_none() {
        return Ok(args.get(0));
    }
    let level = args.not_none(1).unwrap_or(Value::small(2));
    warn_default_encoding(cx, level)?;
    cx.new_str("utf-8")
}

/// With `-X warn_default_encoding`: tells the caller `level` frames up that it has named no encoding.
fn warn_default_encoding(cx: &mut Cx, level: Value) -> Completion<()> {
    if !vm_ref(cx).shared.options.warn_default_encoding {
        return Ok(());
    }
    protocol::warn_at(cx, T::EncodingWarning, "'encoding' argument not specified", level)
}

/// Classes and the base each derives from.
const CLASSES: &[(&TypeDef, Option<&TypeDef>)] = &[
    (&base::IO_BASE, None),
    (&base::RAW_IO_BASE, Some(&base::IO_BASE)),
    (&base::BUFFERED_IO_BASE, Some(&base::IO_BASE)),
    (&base::TEXT_IO_BASE, Some(&base::IO_BASE)),
    (&fileio::FILE_IO, Some(&base::RAW_IO_BASE)),
    (&memory::BYTES_IO, Some(&base::BUFFERED_IO_BASE)),
    (&buffered::BUFFERED_READER, Some(&base::BUFFERED_IO_BASE)),
    (&buffered::BUFFERED_WRITER, Some(&base::BUFFERED_IO_BASE)),
    (&buffered::BUFFERED_RANDOM, Some(&base::BUFFERED_IO_BASE)),
    (&buffered::BUFFERED_RW_PAIR, Some(&base::BUFFERED_IO_BASE)),
    (&stringio::STRING_IO, Some(&base::TEXT_IO_BASE)),
    (&text::TEXT_IO_WRAPPER, Some(&base::TEXT_IO_BASE)),
    (&newline_decoder::NEWLINE_DECODER, None),
];

/// In which order dead objects are finalized: a stream before the one below it, which it closes, and whatever may write to
/// streams before them.
pub fn closing_rank(cx: &mut Cx, v: Value) -> u8 {
    let Some(class) = v.obj().filter(|o| o.kind() == Kind::Record).map(Obj::class) else {
        return 0;
    };
    let ranks = [(&base::TEXT_IO_BASE, 1), (&base::BUFFERED_IO_BASE, 2), (&base::RAW_IO_BASE, 3)];
    let known = ranks
        .into_iter()
        .find(|(def, _)| cx.type_for(def).is_ok_and(|base| class::is_subclass(class, base)));
    known.map_or(0, |(_, rank)| rank)
}

fn exec(cx: &mut Cx, module: Obj) -> Completion<()> {
    for &(def, base) in CLASSES {
        let class = match base {
            Some(base) => base::class_with_base(cx, def, base)?,
            None => cx.type_for(def)?,
        };
        set(cx, module, def.name, class.into())?;
    }
    set(cx, module, "DEFAULT_BUFFER_SIZE", Value::small(buffered::BUFFER_SIZE as i64))?;
    let blocking = cx.class(T::BlockingIOError);
    set(cx, module, "BlockingIOError", blocking.into())?;
    let bases = [cx.class(T::OSError).into(), cx.class(T::ValueError).into()];
    set_exception(cx, module, ("io", "UnsupportedOperation"), &bases).map(drop)
}

/// A text stream over a descriptor, as `sys.stdin` and its siblings are.
///
/// # Errors
/// `OSError` when the descriptor is not open.
pub fn standard_stream(
    cx: &mut Cx,
    fd: i32,
    writing: bool,
    (encoding, errors): (&str, &str),
    unbuffered: bool,
) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_io")?;
    let raw_class = attr(cx, module, "FileIO")?;
    let mode = cx.new_str(if writing { "wb" } else { "rb" })?;
    let raw = protocol::call(cx, raw_class, &[Value::small(fd.into()), mode, Value::FALSE])?;
    let names = ["<stdin>", "<stdout>", "<stderr>"];
    let label = cx.new_str(names[usize::try_from(fd).unwrap_or(0).min(2)])?;
    let name = cx.intern("name")?;
    protocol::set_attr(cx, raw, name, label)?;
    let buffer = if unbuffered {
        raw
    } else {
        let class = attr(cx, module, if writing { "BufferedWriter" } else { "BufferedReader" })?;
        protocol::call(cx, class, &[raw])?
    };
    let line = fd == 2 || call_truth(cx, raw, "isatty")?;
    let class = attr(cx, module, "TextIOWrapper")?;
    let (encoding, errors) = (cx.new_str(encoding)?, cx.new_str(errors)?);
    let newline = if writing { cx.new_str("\n")? } else { Value::NONE };
    let stream = protocol::call(
        cx,
        class,
        &[buffer, encoding, errors, newline, line.into(), unbuffered.into()],
    )?;
    let (name, mode) = (cx.intern("mode")?, cx.new_str(if writing { "w" } else { "r" })?);
    protocol::set_attr(cx, stream, name, mode)?;
    Ok(stream)
}

/// `_io`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_io",
    doc: "The io module provides the Python interfaces to stream handling.",
    functions: &[
        NativeDef {
            name: "open",
            sig: "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
            effect: Effect::Transactional,
            run: open,
            doc: "Open file and return a stream.  Raise OSError upon failure.",
        },
        base::row("open_code", "(path)", open_code),
        base::row("text_encoding", "(encoding, stacklevel=2, /)", text_encoding),
    ],
    exec,
    ..ModuleDef::BASE
};
