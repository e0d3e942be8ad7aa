//! HMAC and what is derived with it: PBKDF2, scrypt.

use taipan_objects::{
    Args, Completion, Cx, Value,
    protocol::convert,
    raise,
    types::{bytes, str as string},
};

use super::{
    data_arg, named,
    state::{Algorithm, State},
    unsupported,
};

/// HMAC with the key already taken in.
#[derive(Clone)]
struct Mac {
    inner: State,
    outer: State,
}

impl Mac {
    fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        let block = algorithm.block_size();
        let mut padded = if key.len() > block {
            let mut state = State::new(algorithm);
            state.update(key);
            state.finish(0)
        } else {
            key.to_vec()
        };
        padded.resize(block, 0);
        let with = |mask: u8| {
            let mut state = State::new(algorithm);
            let pad: Vec<u8> = padded.iter().map(|b| b ^ mask).collect();
            state.update(&pad);
            state
        };
        Self { inner: with(0x36), outer: with(0x5c) }
    }

    fn of(&self, parts: &[&[u8]]) -> Vec<u8> {
        let (mut inner, mut outer) = (self.inner.clone(), self.outer.clone());
        for part in parts {
            inner.update(part);
        }
        outer.update(&inner.finish(0));
        outer.finish(0)
    }
}

fn stretch(mac: &Mac, salt: &[u8], rounds: u32, out: &mut [u8], size: usize) {
    for (i, chunk) in out.chunks_mut(size).enumerate() {
        let mut last = mac.of(&[salt, &(i as u32 + 1).to_be_bytes()]);
        let mut sum = last.clone();
        for _ in 1..rounds {
            last = mac.of(&[&last]);
            sum.iter_mut().zip(&last).for_each(|(a, b)| *a ^= b);
        }
        chunk.copy_from_slice(&sum[..chunk.len()]);
    }
}

pub(super) fn pbkdf2(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let algorithm = named(cx, args.get(0))?;
    let (password, salt) = (data_arg(cx, args.get(1))?, data_arg(cx, args.get(2))?);
    let rounds = convert::index_i64(cx, args.get(3))?;
    if rounds < 1 {
        return raise!(cx, ValueError, "iteration value must be greater than 0.");
    }
    let Ok(rounds) = u32::try_from(rounds) else {
        return raise!(cx, OverflowError, "iteration value is too great.");
    };
    let size = State::new(algorithm).digest_size();
    let len = match args.not_none(4) {
        Some(v) => convert::index_i64(cx, v)?,
        None => size as i64,
    };
    if len < 1 {
        return raise!(cx, ValueError, "key length must be greater than 0.");
    }
    if len > i64::from(i32::MAX) || size == 0 {
        return raise!(cx, OverflowError, "key length is too great.");
    }
    let mut out = vec![0; len as usize];
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || stretch(&Mac::new(algorithm, &password), &salt, rounds, &mut out, size))?;
    bytes::new(cx, &out)
}

pub(super) fn hmac_digest(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (key, message) = (data_arg(cx, args.get(0))?, data_arg(cx, args.get(1))?);
    let known = string::text(args.get(2)).and_then(Algorithm::find);
    let Some(algorithm) = known.filter(|a| !a.is_extendable()) else {
        return unsupported(cx, args);
    };
    let digest = Mac::new(algorithm, &key).of(&[&message]);
    bytes::new(cx, &digest)
}

// ---- scrypt (RFC 7914) ----------------------------------------------------------------------

fn salsa(block: &mut [u32; 16]) {
    let mut x = *block;
    let mut step = |a: usize, b: usize, c: usize, n: u32| {
        x[a] ^= x[b].wrapping_add(x[c]).rotate_left(n);
    };
    for _ in 0..4 {
        for base in 0..4 {
            let at = |k: usize| (5 * base + 4 * k) % 16;
            step(at(1), at(0), at(3), 7);
            step(at(2), at(1), at(0), 9);
            step(at(3), at(2), at(1), 13);
            step(at(0), at(3), at(2), 18);
        }
        for base in 0..4 {
            let at = |k: usize| 4 * base + (base + k) % 4;
            step(at(1), at(0), at(3), 7);
            step(at(2), at(1), at(0), 9);
            step(at(3), at(2), at(1), 13);
            step(at(0), at(3), at(2), 18);
        }
    }
    block.iter_mut().zip(x).for_each(|(a, b)| *a = a.wrapping_add(b));
}

/// Mixes one block of `32 * r` words.
fn mix_block(words: &mut [u32]) {
    let n_parts = words.len() / 16;
    let mut x = [0; 16];
    x.copy_from_slice(&words[words.len() - 16..]);
    let mut out = vec![0; words.len()];
    for (i, part) in words.chunks_exact(16).enumerate() {
        x.iter_mut().zip(part).for_each(|(a, b)| *a ^= b);
        salsa(&mut x);
        let to = if i % 2 == 0 { i / 2 } else { n_parts / 2 + i / 2 };
        out[16 * to..16 * to + 16].copy_from_slice(&x);
    }
    words.copy_from_slice(&out);
}

fn mix(part: &mut [u8], n: usize) {
    let mut words: Vec<u32> =
        part.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let len = words.len();
    let mut table = vec![0_u32; len * n];
    for i in 0..n {
        table[i * len..(i + 1) * len].copy_from_slice(&words);
        mix_block(&mut words);
    }
    for _ in 0..n {
        let j = words[len - 16] as usize & (n - 1);
        words.iter_mut().zip(&table[j * len..(j + 1) * len]).for_each(|(a, b)| *a ^= b);
        mix_block(&mut words);
    }
    for (to, word) in part.chunks_exact_mut(4).zip(words) {
        to.copy_from_slice(&word.to_le_bytes());
    }
}

pub(super) fn scrypt(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (password, salt) = (data_arg(cx, args.get(0))?, data_arg(cx, args.get(1))?);
    let mut n = [0_u64; 5];
    for (i, slot) in n.iter_mut().enumerate() {
        *slot = convert::index_i64(cx, args.get(2 + i))?.max(0) as u64;
    }
    let [cost, r, p, max_memory, len] = n;
    if cost < 2 || !cost.is_power_of_two() {
        return raise!(cx, ValueError, "n must be a power of 2.");
    }
    let limit = if max_memory == 0 { 32 << 20 } else { max_memory };
    let needed = cost.checked_mul(128).and_then(|m| m.checked_mul(r));
    if r == 0 || p == 0 || len == 0 || needed.is_none_or(|m| m > limit) || r * p >= 1 << 30 {
        return raise!(cx, ValueError, "Invalid parameter combination for n, r, p, maxmem.");
    }
    let mut out = vec![0; len as usize];
    let run = cx.world.upcalls().blocking;
    run(cx, &mut || {
        let mac = Mac::new(Algorithm::Sha256, &password);
        let mut blocks = vec![0; (128 * r * p) as usize];
        stretch(&mac, &salt, 1, &mut blocks, 32);
        for part in blocks.chunks_exact_mut((128 * r) as usize) {
            mix(part, cost as usize);
        }
        stretch(&mac, &blocks, 1, &mut out, 32);
    })?;
    bytes::new(cx, &out)
}
