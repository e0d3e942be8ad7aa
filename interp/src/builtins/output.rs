//! `print` and `input`.

use taipan_objects::{
    Completion, Cx, N, Value,
    native::{Args, NativeDef},
    protocol, raise,
    types::{dict, str as string, text_args},
};

use crate::{
    audit,
    txn::io::{self, Stream},
    vm::state::vm_ref,
};

use super::{machine, row};

fn part(cx: &mut Cx, v: Option<Value>, default: &str, name: &str) -> Completion<Value> {
    match v {
        None => cx.intern(default),
        Some(v) if string::wtf8(v).is_some() => Ok(v),
        Some(v) => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "{name} must be None or a string, not {got}")
        }
    }
}

fn print(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let sep = part(cx, args.not_none(1), " ", "sep")?;
    let end = part(cx, args.not_none(2), "\n", "end")?;
    let file = match args.not_none(3) {
        Some(file) => file,
        None => {
            let sys = vm_ref(cx).shared.sys();
            let name = cx.name(N::stdout);
            match dict::get_item_name(cx, sys, name)? {
                v if v.is_unbound() => return raise!(cx, RuntimeError, "lost sys.stdout"),
                v if v.is_none() => return Ok(Value::NONE),
                v => v,
            }
        }
    };
    if file == Value::ELLIPSIS {
        return print_raw(cx, args, sep, end);
    }
    let write = cx.name(N::write);
    for (i, &v) in args.rest(0).iter().enumerate() {
        if i > 0 {
            protocol::call_method(cx, file, write, &[sep])?;
        }
        let text = protocol::str_of(cx, v)?;
        protocol::call_method(cx, file, write, &[text])?;
    }
    protocol::call_method(cx, file, write, &[end])?;
    if let Some(flush) = args.opt(4)
        && protocol::truth(cx, flush)?
    {
        let flush = cx.name(N::flush);
        protocol::call_method(cx, file, flush, &[])?;
    }
    Ok(Value::NONE)
}

/// Before `sys.stdout` exists.
fn print_raw(cx: &mut Cx, args: Args<'_>, sep: Value, end: Value) -> Completion<Value> {
    let mut out: Vec<u8> = Vec::new();
    let bytes = |v: Value| string::wtf8(v).map_or(&[][..], |t| t.as_bytes());
    for (i, &v) in args.rest(0).iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(bytes(sep));
        }
        let text = protocol::str_of(cx, v)?;
        out.extend_from_slice(bytes(text));
    }
    out.extend_from_slice(bytes(end));
    io::write(cx, Stream::Out, &out);
    Ok(Value::NONE)
}

fn input(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let sys = vm_ref(cx).shared.sys();
    let mut streams = [Value::NONE; 2];
    for (slot, n) in streams.iter_mut().zip([N::stdin, N::stdout]) {
        let name = cx.name(n);
        *slot = dict::get_item_name(cx, sys, name)?;
        if slot.is_unbound() || slot.is_none() {
            let name = string::text(name).unwrap_or("?");
            return raise!(cx, RuntimeError, "input(): lost sys.{name}");
        }
    }
    let [stdin, stdout] = streams;
    audit::event(cx, "builtins.input", &[args.get(0)])?;
    if let Some(prompt) = args.opt(0) {
        let text = protocol::str_of(cx, prompt)?;
        let write = cx.name(N::write);
        protocol::call_method(cx, stdout, write, &[text])?;
    }
    let flush = cx.name(N::flush);
    // What replaces the stream need not have it.
    if let Err(escape) = protocol::call_method(cx, stdout, flush, &[])
        && escape.is_abort()
    {
        return Err(escape);
    }
    let readline = cx.name(N::readline);
    let line = protocol::call_method(cx, stdin, readline, &[])?;
    let Some(text) = string::exact(line).map(string::bytes_of) else {
        return raise!(cx, TypeError, "object.readline() returned non-string");
    };
    match text.strip_suffix(b"\n") {
        Some(rest) => text_args::new_text(cx, rest),
        None if text.is_empty() => raise!(cx, EOFError, "EOF when reading a line"),
        None => Ok(line),
    }
}

fn breakpoint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern("breakpointhook")?;
    match dict::get_item_name(cx, sys, name)?.bound() {
        Some(hook) => {
            audit::event(cx, "builtins.breakpoint", &[hook])?;
            protocol::call::call_star(cx, hook, args.rest(0), args.get(1))
        }
        None => raise!(cx, RuntimeError, "lost sys.breakpointhook"),
    }
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    machine(row(
        "breakpoint",
        "(*args, **kws)",
        breakpoint,
        "Call sys.breakpointhook(*args, **kws).  sys.breakpointhook() must accept\nwhatever arguments are passed.\n\nBy default, this drops you into the pdb debugger.",
    )),
    row(
        "print",
        "(*args, sep=None, end=None, file=None, flush=False)",
        print,
        "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, default a space.\n  end\n    string appended after the last value, default a newline.\n  file\n    a file-like object (stream); defaults to the current sys.stdout.\n  flush\n    whether to forcibly flush the stream.",
    ),
    row(
        "input",
        "(prompt=<unset>, /)",
        input,
        "Read a string from standard input.  The trailing newline is stripped.\n\nThe prompt string, if given, is printed to standard output without a\ntrailing newline before reading input.\n\nIf the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.\nOn *nix systems, readline is used if available.",
    ),
];
