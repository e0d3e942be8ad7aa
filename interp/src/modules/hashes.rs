//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`, and `_hashlib`, which has them all under OpenSSL's names.
//!
//! A hash object's state is in Rust: updates run outside of transactions when there is much to do, else irrevocably.

mod blake;
mod derive;
mod state;

use parking_lot::Mutex;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    heap::{NativeData, native_data},
    native::NativeFn,
    protocol::{self, RootVec, convert},
    raise,
    types::{buffer, bytes, str as string},
};

use self::state::{Algorithm, State};
use super::{ModuleDef, set, set_exception, set_ints};

/// Data shorter than this is not worth leaving a transaction for.
const SHORT: usize = 4096;

pub(super) struct Hash {
    algorithm: Algorithm,
    state: Mutex<State>,
}

impl NativeData for Hash {}

/// What is hashed: bytes, but no text.
pub(super) fn data_arg(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if string::wtf8(v).is_some() {
        return raise!(cx, TypeError, "Strings must be encoded before hashing");
    }
    match buffer::bytes_like(cx, v)? {
        Some(data) => Ok(data.into_owned()),
        None => raise!(cx, TypeError, "object supporting the buffer API required"),
    }
}

fn make(
    cx: &mut Cx,
    def: &'static TypeDef,
    algorithm: Algorithm,
    state: State,
    data: &[u8],
) -> Completion<Value> {
    let mut state = state;
    if data.len() < SHORT {
        state.update(data);
    } else {
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || state.update(data))?;
    }
    let class = cx.type_for(def)?;
    cx.new_native(class, Hash { algorithm, state: Mutex::new(state) }).map(Value::from)
}

/// The data of a constructor's call: `data` by position or name, `string` by name.
fn first_data(cx: &mut Cx, args: Args<'_>, data: usize, text: usize) -> Completion<Vec<u8>> {
    match (args.opt(data), args.opt(text)) {
        (Some(_), Some(_)) => raise!(
            cx,
            TypeError,
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal \
             in a future version."
        ),
        (Some(v), None) | (None, Some(v)) => data_arg(cx, v),
        (None, None) => Ok(Vec::new()),
    }
}

fn this(cx: &mut Cx, v: Value) -> Completion<&'static Hash> {
    match v.obj().and_then(native_data::<Hash>) {
        Some(h) => Ok(h),
        None => raise!(cx, TypeError, "hash object expected"),
    }
}

fn update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = data_arg(cx, args.get(1))?;
    let h = this(cx, args.this())?;
    if data.len() < SHORT {
        (cx.world.upcalls().irrevocable)(cx)?;
        h.state.lock().update(&data);
    } else {
        let run = cx.world.upcalls().blocking;
        run(cx, &mut || h.state.lock().update(&data))?;
    }
    Ok(Value::NONE)
}

fn digest_of(cx: &mut Cx, args: Args<'_>) -> Completion<Vec<u8>> {
    let h = this(cx, args.this())?;
    let len = match (h.algorithm.is_extendable(), args.opt(1)) {
        (true, Some(v)) => match usize::try_from(convert::index_i64(cx, v)?) {
            Ok(n) if n < 1 << 29 => n,
            Ok(_) => return raise!(cx, OverflowError, "digest length is too large"),
            Err(_) => return raise!(cx, ValueError, "value must be positive"),
        },
        (true, None) => {
            return raise!(cx, TypeError, "digest() missing required argument 'length' (pos 1)");
        }
        (false, None) => 0,
        (false, Some(_)) => {
            return raise!(cx, TypeError, "digest() takes no arguments (1 given)");
        }
    };
    let state = h.state.lock().clone();
    Ok(state.finish(len))
}

fn digest(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = digest_of(cx, args)?;
    bytes::new(cx, &d)
}

/// Lower-case hexadecimal text.
fn hex(data: &[u8]) -> String {
    data.iter().map(|b| format!("{b:02x}")).collect()
}

fn hexdigest(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = digest_of(cx, args)?;
    cx.new_str(&hex(&d))
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = this(cx, args.this())?;
    let state = h.state.lock().clone();
    let class = args.this_obj().class();
    cx.new_native(class, Hash { algorithm: h.algorithm, state: Mutex::new(state) }).map(Value::from)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = this(cx, args.this())?;
    let class = taipan_objects::types::type_::qualified_name(cx, args.this_obj().class())?;
    let at = args.this().bits() & 0xffff_ffff_ffff;
    cx.new_str(&format!("<{} {class} object @ {at:#x}>", h.algorithm.name()))
}

const fn row(name: &'static str, sig: &'static str, effect: Effect, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect, run, doc: "" }
}

const METHODS: &[NativeDef] = &[
    row("update", "(self, data, /)", Effect::Blocking, update),
    row("digest", "(self, length=<unset>)", Effect::Transactional, digest),
    row("hexdigest", "(self, length=<unset>)", Effect::Transactional, hexdigest),
    row("copy", "(self, /)", Effect::Transactional, copy),
];

const HASH_METHODS: &[NativeDef] = &[
    row("update", "(self, data, /)", Effect::Blocking, update),
    row("digest", "(self, length=<unset>)", Effect::Transactional, digest),
    row("hexdigest", "(self, length=<unset>)", Effect::Transactional, hexdigest),
    row("copy", "(self, /)", Effect::Transactional, copy),
    row("__repr__", "(self, /)", Effect::Transactional, repr),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "name",
        get: |cx, v| {
            let name = this(cx, v)?.algorithm.name();
            cx.new_str(name)
        },
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "digest_size",
        get: |cx, v| {
            let h = this(cx, v)?;
            let size = h.state.lock().digest_size();
            Ok(Value::small(size as i64))
        },
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "block_size",
        get: |cx, v| Ok(Value::small(this(cx, v)?.algorithm.block_size() as i64)),
        set: None,
        doc: "",
    },
];

/// A class of hash objects.
macro_rules! class {
    ($id:ident, $module:literal, $name:literal) => {
        static $id: TypeDef = TypeDef {
            name: $name,
            module: $module,
            body: Body::Words(Kind::Record, 3),
            methods: METHODS,
            getset: GETSET,
            ..TypeDef::BASE
        };
    };
}

class!(MD5, "_md5", "md5");
class!(SHA1, "_sha1", "sha1");
class!(SHA224, "_sha2", "SHA224Type");
class!(SHA256, "_sha2", "SHA256Type");
class!(SHA384, "_sha2", "SHA384Type");
class!(SHA512, "_sha2", "SHA512Type");

static HASH: TypeDef = TypeDef {
    name: "HASH",
    module: "_hashlib",
    body: Body::Words(Kind::Record, 3),
    methods: HASH_METHODS,
    getset: GETSET,
    doc: "A hash is an object used to calculate a checksum of a string of information.",
    ..TypeDef::BASE
};

/// A constructor function of a fixed algorithm.
macro_rules! constructor {
    ($name:literal, $class:ident, $algorithm:ident) => {
        row(
            $name,
            "(data=<unset>, *, usedforsecurity=True, string=<unset>)",
            Effect::Blocking,
            |cx, args| {
                let data = first_data(cx, args, 0, 2)?;
                let algorithm = Algorithm::$algorithm;
                make(cx, &$class, algorithm, State::new(algorithm), &data)
            },
        )
    };
}

/// `_md5`.
pub const MD5_MODULE: ModuleDef =
    ModuleDef { name: "_md5", functions: &[constructor!("md5", MD5, Md5)], ..ModuleDef::BASE };

/// `_sha1`.
pub const SHA1_MODULE: ModuleDef =
    ModuleDef { name: "_sha1", functions: &[constructor!("sha1", SHA1, Sha1)], ..ModuleDef::BASE };

/// `_sha2`.
pub const SHA2_MODULE: ModuleDef = ModuleDef {
    name: "_sha2",
    functions: &[
        constructor!("sha224", SHA224, Sha224),
        constructor!("sha256", SHA256, Sha256),
        constructor!("sha384", SHA384, Sha384),
        constructor!("sha512", SHA512, Sha512),
    ],
    ..ModuleDef::BASE
};

/// A class of `_sha3`, which is its own constructor.
macro_rules! sha3 {
    ($id:ident, $name:literal, $algorithm:ident) => {
        static $id: TypeDef = TypeDef {
            name: $name,
            module: "_sha3",
            body: Body::Words(Kind::Record, 3),
            static_methods: &[row(
                "__new__",
                "(cls, data=<unset>, /, *, usedforsecurity=True, string=<unset>)",
                Effect::Blocking,
                |cx, args| {
                    let data = first_data(cx, args, 1, 3)?;
                    let algorithm = Algorithm::$algorithm;
                    make(cx, &$id, algorithm, State::new(algorithm), &data)
                },
            )],
            methods: METHODS,
            getset: GETSET,
            ..TypeDef::BASE
        };
    };
}

sha3!(SHA3_224, "sha3_224", Sha3_224);
sha3!(SHA3_256, "sha3_256", Sha3_256);
sha3!(SHA3_384, "sha3_384", Sha3_384);
sha3!(SHA3_512, "sha3_512", Sha3_512);
sha3!(SHAKE_128, "shake_128", Shake128);
sha3!(SHAKE_256, "shake_256", Shake256);

/// `_sha3`.
pub const SHA3_MODULE: ModuleDef = ModuleDef {
    name: "_sha3",
    types: &[&SHA3_224, &SHA3_256, &SHA3_384, &SHA3_512, &SHAKE_128, &SHAKE_256],
    ..ModuleDef::BASE
};

pub use self::blake::MODULE as BLAKE2_MODULE;

/// Looks an algorithm up by one of the names that OpenSSL knows it by.
fn named(cx: &mut Cx, v: Value) -> Completion<Algorithm> {
    let Some(text) = string::text(v) else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "name must be a string, not {got}");
    };
    match Algorithm::find(text) {
        Some(a) => Ok(a),
        None => {
            let key = cx.intern("UnsupportedDigestmodError")?;
            let module = cx.world.import_module(cx, "_hashlib")?;
            let class = protocol::get_attr(cx, module, key)?;
            let text = cx.new_str(&format!("unsupported hash type {text}"))?;
            let e = protocol::call(cx, class, &[text])?;
            match e.obj() {
                Some(e) => Err(taipan_objects::Escape::raise(e)),
                None => raise!(cx, ValueError, "unsupported hash type"),
            }
        }
    }
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let algorithm = named(cx, args.get(0))?;
    let data = first_data(cx, args, 1, 3)?;
    make(cx, &HASH, algorithm, State::new(algorithm), &data)
}

/// A function `openssl_NAME`.
macro_rules! openssl {
    ($name:literal, $algorithm:ident) => {
        constructor!($name, HASH, $algorithm)
    };
}

fn unsupported(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // `hmac` then does it itself.
    let text = string::text(args.get(2)).unwrap_or("HMAC").to_owned();
    let key = cx.intern("UnsupportedDigestmodError")?;
    let module = cx.world.import_module(cx, "_hashlib")?;
    let class = protocol::get_attr(cx, module, key)?;
    let text = cx.new_str(&format!("unsupported hash type {text}"))?;
    let e = protocol::call(cx, class, &[text])?;
    match e.obj() {
        Some(e) => Err(taipan_objects::Escape::raise(e)),
        None => raise!(cx, ValueError, "unsupported hash type"),
    }
}

fn compare_digest(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let operator = cx.world.import_module(cx, "_operator")?;
    let name = cx.intern("_compare_digest")?;
    protocol::call_method(cx, operator, name, args.0)
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let mut names = RootVec::new();
    for name in Algorithm::NAMES {
        let v = cx.intern(name)?;
        names.push(cx, v)?;
    }
    let names = crate::vm::exec::constants::frozen_set(cx, names.as_slice())?;
    set(cx, module, "openssl_md_meth_names", names)?;
    let base = cx.class(T::ValueError);
    set_exception(cx, module, ("_hashlib", "UnsupportedDigestmodError"), &[base.into()])?;
    set_ints(cx, module, &[("_GIL_MINSIZE", 2048)])
}

/// `_hashlib`.
pub const HASHLIB_MODULE: ModuleDef = ModuleDef {
    name: "_hashlib",
    doc: "OpenSSL interface for hashlib module",
    functions: &[
        row(
            "new",
            "(name, data=<unset>, *, usedforsecurity=True, string=<unset>)",
            Effect::Blocking,
            new,
        ),
        openssl!("openssl_md5", Md5),
        openssl!("openssl_sha1", Sha1),
        openssl!("openssl_sha224", Sha224),
        openssl!("openssl_sha256", Sha256),
        openssl!("openssl_sha384", Sha384),
        openssl!("openssl_sha512", Sha512),
        openssl!("openssl_sha3_224", Sha3_224),
        openssl!("openssl_sha3_256", Sha3_256),
        openssl!("openssl_sha3_384", Sha3_384),
        openssl!("openssl_sha3_512", Sha3_512),
        openssl!("openssl_shake_128", Shake128),
        openssl!("openssl_shake_256", Shake256),
        row("get_fips_mode", "()", Effect::Transactional, |_, _| Ok(Value::small(0))),
        row(
            "pbkdf2_hmac",
            "(hash_name, password, salt, iterations, dklen=None)",
            Effect::Blocking,
            derive::pbkdf2,
        ),
        row(
            "scrypt",
            "(password, *, salt, n, r, p, maxmem=0, dklen=64)",
            Effect::Blocking,
            derive::scrypt,
        ),
        row("hmac_digest", "(key, msg, digest)", Effect::Blocking, derive::hmac_digest),
        row("hmac_new", "(key, msg=b'', digestmod=None)", Effect::Transactional, unsupported),
        row("compare_digest", "(a, b, /)", Effect::Transactional, compare_digest),
    ],
    types: &[&HASH],
    exec: fill,
};
