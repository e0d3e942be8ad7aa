//! `_random`: the Mersenne Twister, with its state in slots.
//!
//! Conflicts: drawing claims the generator, so threads that share one conflict and each gets its
//! own part of the stream. An aborted attempt gives its numbers back: a draw only moves the
//! position, and every 624 draws the words are replaced by a fresh buffer.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    num::{
        big::BigInt,
        mt19937::{Mt19937, WORDS, float_from, refill, temper},
    },
    protocol::{
        self,
        convert::{as_i64, as_int},
        index_i64,
    },
    raise,
    types::{
        T,
        number::{big_of, class_argument, new_big, new_u64},
    },
};

use super::{ModuleDef, rows::row};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_random",
    doc: "Module implements the Mersenne Twister random number generator.",
    types: &[&RANDOM],
    ..ModuleDef::BASE
};

/// A `Raw` buffer with the words, never changed once stored.
const STATE: usize = 2;
/// Index of the next word; `WORDS` when a refill is due.
const NEXT: usize = 3;

static RANDOM: TypeDef = TypeDef {
    name: "Random",
    module: "_random",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[row!(
        "__new__",
        "(type, /, *args, **kwargs)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    methods: &[
        row!(
            "__init__",
            "(self, seed=None, /)",
            seed,
            "Initialize self.  See help(type(self)) for accurate signature."
        ),
        row!("random", "(self, /)", random, "random() -> x in the interval [0, 1)."),
        row!(
            "seed",
            "(self, n=None, /)",
            seed,
            "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the current time and the process identifier."
        ),
        row!(
            "getrandbits",
            "(self, k, /)",
            getrandbits,
            "getrandbits(k) -> x.  Generates an int with k random bits."
        ),
        row!(
            "getstate",
            "(self, /)",
            getstate,
            "getstate() -> tuple containing the current state."
        ),
        row!(
            "setstate",
            "(self, state, /)",
            setstate,
            "setstate(state) -> None.  Restores generator state."
        ),
    ],
    doc: "Random() -> create a random number generator with its own internal state.",
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&RANDOM)?;
    let class = class_argument(cx, args.get(0), base)?;
    let o = cx.new_instance(class)?;
    o.init(NEXT, Value::small(WORDS as i64));
    Ok(o.into())
}

/// The words of the claimed generator; all zero before it was seeded.
fn words(o: Obj) -> [u32; WORDS] {
    let mut words = [0; WORDS];
    let bytes = o.raw(STATE).obj().map_or(&[][..], Obj::raw_bytes);
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*chunk);
    }
    words
}

/// Stores words and position into the claimed generator.
fn store(cx: &mut Cx, o: Obj, words: &[u32; WORDS], next: usize) -> Completion<()> {
    let raw = cx.new_raw(WORDS * 4)?;
    for (chunk, word) in raw.init_bytes(2).as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *chunk = word.to_le_bytes();
    }
    cx.write(o, STATE, raw.into());
    cx.write(o, NEXT, Value::small(next as i64));
    Ok(())
}

/// Draws 32 bits from the claimed generator.
fn draw(cx: &mut Cx, o: Obj) -> Completion<u32> {
    let mut next = usize::try_from(o.raw(NEXT).as_small()).unwrap_or(WORDS);
    if next >= WORDS || o.raw(STATE).is_unbound() {
        let mut all = words(o);
        refill(&mut all);
        store(cx, o, &all, 0)?;
        next = 0;
    }
    cx.write(o, NEXT, Value::small(next as i64 + 1));
    let bytes = o.raw(STATE).obj().map_or(&[][..], Obj::raw_bytes);
    let word = bytes.get(next * 4..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
    Ok(temper(u32::from_le_bytes(word)))
}

fn random(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let first = draw(cx, o)?;
    let second = draw(cx, o)?;
    Ok(Value::float(float_from(first, second)))
}

fn getrandbits(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let k = index_i64(cx, args.get(1))?;
    let Ok(k) = usize::try_from(k) else {
        return raise!(cx, ValueError, "number of bits must be non-negative");
    };
    if k as u64 > taipan_objects::num::big::MAX_BITS {
        return Err(cx.out_of_memory());
    }
    let o = args.this_obj();
    cx.claim(o)?;
    if k <= 64 {
        let n = limb(cx, o, k)?;
        return new_u64(cx, n);
    }
    let mut limbs = Vec::with_capacity(k.div_ceil(64));
    let mut left = k;
    while left > 0 {
        let bits = left.min(64);
        limbs.push(limb(cx, o, bits)?);
        left -= bits;
    }
    new_big(cx, &BigInt::from_sign_limbs(false, &limbs))
}

/// At most 64 bits: a draw for each 32, the last one cut from the top.
fn limb(cx: &mut Cx, o: Obj, bits: usize) -> Completion<u64> {
    let cut = |word: u32, bits: usize| u64::from(word >> (32 - bits.clamp(1, 32)));
    match bits {
        0 => Ok(0),
        1..=32 => draw(cx, o).map(|word| cut(word, bits)),
        _ => {
            let low = u64::from(draw(cx, o)?);
            let high = draw(cx, o)?;
            Ok(low | cut(high, bits - 32) << 32)
        }
    }
}

fn seed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let generator = match args.not_none(1) {
        None => Mt19937::from_array(&entropy()),
        Some(v) => match as_int(v) {
            Some(i) => Mt19937::from_int(&big_of(i)),
            None => {
                let hash = protocol::hash(cx, v)?;
                Mt19937::from_int(&BigInt::from(hash as u64))
            }
        },
    };
    let o = args.this_obj();
    cx.claim(o)?;
    let (words, next) = generator.state();
    store(cx, o, words, next)?;
    Ok(Value::NONE)
}

/// Seed words from the system; from the hasher's keys where it has no random device.
fn entropy() -> Vec<u32> {
    use std::{
        hash::{BuildHasher, RandomState},
        io::Read,
    };
    let mut bytes = [0; WORDS * 4];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes));
    if read.is_err() {
        for (i, chunk) in bytes.chunks_mut(8).enumerate() {
            let word = RandomState::new().hash_one(i).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
    bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

fn getstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    // Owned rather than read: words and position must belong together.
    cx.claim(o)?;
    let mut all: Vec<Value> = words(o).iter().map(|&word| Value::small(word.into())).collect();
    all.push(o.raw(NEXT));
    cx.new_tuple(&all)
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(tuple) = args.get(1).obj().filter(|_| cx.is_a(args.get(1), T::tuple)) else {
        return raise!(cx, TypeError, "state vector must be a tuple");
    };
    let items = protocol::collect(cx, tuple.into())?;
    if items.len() != WORDS + 1 {
        return raise!(cx, ValueError, "state vector is the wrong size");
    }
    let mut words = [0; WORDS];
    for (word, &v) in words.iter_mut().zip(items.as_slice()) {
        let i = protocol::index_int(cx, v)?;
        *word = big_of(i).low_u64() as u32;
    }
    let next = protocol::index_int(cx, items.get(WORDS))?;
    let next = match as_i64(next).and_then(|n| usize::try_from(n).ok()) {
        Some(next) if next <= WORDS => next,
        _ => return raise!(cx, ValueError, "invalid state"),
    };
    let o = args.this_obj();
    cx.claim(o)?;
    store(cx, o, &words, next)?;
    Ok(Value::NONE)
}
