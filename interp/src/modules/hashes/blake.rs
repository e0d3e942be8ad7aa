//! `_blake2`.

use parking_lot::Mutex;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, TypeDef, Value,
    protocol::{self, convert},
    raise,
};

use super::{
    GETSET, Hash, METHODS, data_arg, first_data, row,
    state::{Algorithm, State},
};
use crate::modules::{ModuleDef, set_ints};

const SIGNATURE: &str = "(cls, data=<unset>, /, *, digest_size=<unset>, key=b'', salt=b'', person=b'', fanout=1, depth=1, \
                         leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, \
                         usedforsecurity=True, string=<unset>)";

/// Sizes of one of the two.
struct Sizes {
    digest: usize,
    key: usize,
    salt: usize,
    offset_max: u64,
}

const B: Sizes = Sizes { digest: 64, key: 64, salt: 16, offset_max: u64::MAX };
const S: Sizes = Sizes { digest: 32, key: 32, salt: 8, offset_max: (1 << 48) - 1 };

/// What a constructor is given.
struct Parameters {
    size: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

fn at_most(cx: &mut Cx, v: Option<Value>, most: usize, what: &str) -> Completion<Vec<u8>> {
    let data = match v {
        Some(v) => data_arg(cx, v)?,
        None => Vec::new(),
    };
    if data.len() > most {
        return raise!(cx, ValueError, "maximum {what} length is {most} bytes");
    }
    Ok(data)
}

fn in_range(cx: &mut Cx, v: Value, low: i64, high: i64, what: &str) -> Completion<i64> {
    let n = convert::index_i64(cx, v)?;
    if (low..=high).contains(&n) {
        return Ok(n);
    }
    raise!(cx, ValueError, "{what} must be between {low} and {high}")
}

fn parameters(cx: &mut Cx, args: Args<'_>, sizes: &Sizes) -> Completion<Parameters> {
    let size = match args.opt(2) {
        Some(v) => {
            let n = convert::index_i64(cx, v)?;
            match usize::try_from(n) {
                Ok(n) if (1..=sizes.digest).contains(&n) => n,
                _ => {
                    let most = sizes.digest;
                    return raise!(
                        cx,
                        ValueError,
                        "digest_size must be between 1 and {most} bytes"
                    );
                }
            }
        }
        None => sizes.digest,
    };
    let leaf_size = match u32::try_from(convert::index_i64(cx, args.get(8))?) {
        Ok(n) => n,
        Err(_) => return raise!(cx, OverflowError, "leaf_size is too large"),
    };
    let node_offset = convert::index_big(cx, args.get(9))?;
    if node_offset < 0 || node_offset as u64 > sizes.offset_max {
        return raise!(cx, OverflowError, "node_offset is too large");
    }
    Ok(Parameters {
        size,
        key: at_most(cx, args.opt(3), sizes.key, "key")?,
        salt: at_most(cx, args.opt(4), sizes.salt, "salt")?,
        person: at_most(cx, args.opt(5), sizes.salt, "person")?,
        fanout: in_range(cx, args.get(6), 0, 255, "fanout")? as u8,
        depth: in_range(cx, args.get(7), 1, 255, "depth")? as u8,
        leaf_size,
        node_offset: node_offset as u64,
        node_depth: in_range(cx, args.get(10), 0, 255, "node_depth")? as u8,
        inner_size: in_range(cx, args.get(11), 0, sizes.digest as i64, "inner_size")? as usize,
        last_node: protocol::truth(cx, args.get(12))?,
    })
}

/// Sets what both variants have.
macro_rules! build {
    ($params:expr, $p:expr) => {{
        let p = $p;
        let mut params = $params;
        params
            .hash_length(p.size)
            .key(&p.key)
            .salt(&p.salt)
            .personal(&p.person)
            .fanout(p.fanout)
            .max_depth(p.depth)
            .max_leaf_length(p.leaf_size)
            .node_offset(p.node_offset)
            .node_depth(p.node_depth)
            .inner_hash_length(p.inner_size)
            .last_node(p.last_node);
        Box::new(params.to_state())
    }};
}

fn new_b(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = parameters(cx, args, &B)?;
    let mut state = State::Blake2b(build!(blake2b_simd::Params::new(), &p), p.size);
    let data = first_data(cx, args, 1, 14)?;
    state.update(&data);
    finish(cx, &BLAKE2B, Algorithm::Blake2b, state)
}

fn new_s(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = parameters(cx, args, &S)?;
    let mut state = State::Blake2s(build!(blake2s_simd::Params::new(), &p), p.size);
    let data = first_data(cx, args, 1, 14)?;
    state.update(&data);
    finish(cx, &BLAKE2S, Algorithm::Blake2s, state)
}

fn finish(
    cx: &mut Cx,
    def: &'static TypeDef,
    algorithm: Algorithm,
    state: State,
) -> Completion<Value> {
    let class = cx.type_for(def)?;
    cx.new_native(class, Hash { algorithm, state: Mutex::new(state) }).map(Value::from)
}

static BLAKE2B: TypeDef = TypeDef {
    name: "blake2b",
    module: "_blake2",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[row("__new__", SIGNATURE, Effect::Transactional, new_b)],
    methods: METHODS,
    getset: GETSET,
    doc: "Return a new BLAKE2b hash object.",
    ..TypeDef::BASE
};

static BLAKE2S: TypeDef = TypeDef {
    name: "blake2s",
    module: "_blake2",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[row("__new__", SIGNATURE, Effect::Transactional, new_s)],
    methods: METHODS,
    getset: GETSET,
    doc: "Return a new BLAKE2s hash object.",
    ..TypeDef::BASE
};

fn constants(cx: &mut Cx, def: &'static TypeDef, sizes: &Sizes) -> Completion<()> {
    let class = cx.type_for(def)?;
    for (name, n) in [
        ("SALT_SIZE", sizes.salt),
        ("PERSON_SIZE", sizes.salt),
        ("MAX_KEY_SIZE", sizes.key),
        ("MAX_DIGEST_SIZE", sizes.digest),
    ] {
        let name = cx.intern(name)?;
        taipan_objects::class::define(cx, class, name, Value::small(n as i64))?;
    }
    Ok(())
}

/// `_blake2`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "_blake2",
    doc: "_blake2b provides BLAKE2b for hashlib\n",
    types: &[&BLAKE2B, &BLAKE2S],
    exec: |cx, module| {
        constants(cx, &BLAKE2B, &B)?;
        constants(cx, &BLAKE2S, &S)?;
        set_ints(cx, module, &[("_GIL_MINSIZE", 2048)])
    },
    ..ModuleDef::BASE
};
