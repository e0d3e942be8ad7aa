//! `_remote_debugging`: no other process can be looked into. The module is there for `asyncio`'s command line, which needs
//! its names only.

use taipan_objects::{Body, Effect, Kind, NativeDef, TypeDef, raise};

use super::{ModuleDef, set, structseq::SeqDef};

static FRAME_INFO: SeqDef =
    SeqDef::new("_remote_debugging", "FrameInfo", &["filename", "lineno", "funcname"], 3);

static UNWINDER: TypeDef = TypeDef {
    name: "RemoteUnwinder",
    module: "_remote_debugging",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[NativeDef {
        name: "__new__",
        sig: "(type, /, *args, **kwargs)",
        effect: Effect::Transactional,
        run: |cx, _| raise!(cx, RuntimeError, "Remote debugging is not supported"),
        doc: "",
    }],
    doc: "Shows the calls of another process.",
    ..TypeDef::BASE
};

/// `_remote_debugging`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_remote_debugging",
    types: &[&UNWINDER],
    exec: |cx, module| {
        let class = FRAME_INFO.class(cx)?;
        set(cx, module, "FrameInfo", class.into())
    },
    ..ModuleDef::BASE
};
