//! `_sre`: regular expressions over `rustpython-sre_engine`, and over an own matcher if they repeat groups.
//!
//! Patterns, matches and templates are immutable; scanners and match iterators have a header. Reading order: `engine.rs`
//! (finding matches), `backtrack/` (the own matcher), `pattern.rs`, `match_.rs`, `subst.rs` (`sub`, `split`, templates),
//! `scanner.rs`.

mod backtrack;
mod engine;
mod match_;
mod pattern;
mod scanner;
mod subst;

use rustpython_sre_engine::{CODESIZE, MAXGROUPS, MAXREPEAT, SRE_MAGIC, string as sre};
use taipan_objects::{Args, Completion, Cx, Effect, NativeDef, Value, protocol, raise};

use super::{ModuleDef, set, set_ints};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// `_sre`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_sre",
    functions: &[
        row!(
            "compile",
            "(pattern, flags, code, groups, groupindex, indexgroup)",
            pattern::compile,
            ""
        ),
        row!("template", "(pattern, template, /)", subst::template, ""),
        row!("getcodesize", "()", |_, _| Ok(Value::small(CODESIZE as i64)), ""),
        row!(
            "ascii_iscased",
            "(character, /)",
            |cx, args| {
                let c = character(cx, args)?;
                Ok((c < 128 && (c as u8).is_ascii_alphabetic()).into())
            },
            ""
        ),
        row!(
            "unicode_iscased",
            "(character, /)",
            |cx, args| {
                let c = character(cx, args)?;
                // Several characters count by their first.
                let changes = |ch: char| {
                    ch.to_uppercase().next() != Some(ch) || ch.to_lowercase().next() != Some(ch)
                };
                Ok(char::from_u32(c).is_some_and(changes).into())
            },
            ""
        ),
        row!(
            "ascii_tolower",
            "(character, /)",
            |cx, args| {
                let c = character(cx, args)?;
                Ok(Value::small(if c < 128 { sre::lower_ascii(c) } else { c }.into()))
            },
            ""
        ),
        row!(
            "unicode_tolower",
            "(character, /)",
            |cx, args| {
                let c = character(cx, args)?;
                Ok(Value::small(sre::lower_unicode(c).into()))
            },
            ""
        ),
    ],
    exec: |cx, module| {
        let copyright = cx.new_str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ")?;
        set(cx, module, "copyright", copyright)?;
        let numbers = [
            ("MAGIC", SRE_MAGIC as i64),
            ("CODESIZE", CODESIZE as i64),
            ("MAXREPEAT", MAXREPEAT as i64),
            ("MAXGROUPS", MAXGROUPS as i64),
        ];
        set_ints(cx, module, &numbers)
    },
    ..ModuleDef::BASE
};

fn character(cx: &mut Cx, args: Args<'_>) -> Completion<u32> {
    let i = protocol::index_i64(cx, args.get(0))?;
    match u32::try_from(i) {
        Ok(c) => Ok(c),
        Err(_) => raise!(cx, OverflowError, "Python int too large to convert to C int"),
    }
}
