//! The hash of text and bytes: SipHash-1-3 under a key, as CPython's `hash()` computes it.

use siphasher::sip::SipHasher13;
use std::hash::Hasher as _;

/// The 128-bit key that a process (or `PYTHONHASHSEED`) fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashKey {
    /// Low half.
    pub k0: u64,
    /// High half.
    pub k1: u64,
}

impl HashKey {
    /// The key that `PYTHONHASHSEED=seed` gives; seed 0 turns randomization off.
    pub fn from_seed(seed: u32) -> Self {
        if seed == 0 {
            return Self { k0: 0, k1: 0 };
        }
        let mut x = seed;
        let mut word = || {
            let mut bytes = [0; 8];
            for b in &mut bytes {
                x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
                *b = (x >> 16) as u8;
            }
            u64::from_le_bytes(bytes)
        };
        Self { k0: word(), k1: word() }
    }
}

/// Hash of bytes; 0 for none, never -1.
#[inline]
pub fn bytes(key: HashKey, s: &[u8]) -> i64 {
    if s.is_empty() {
        return 0;
    }
    let mut hasher = SipHasher13::new_with_keys(key.k0, key.k1);
    hasher.write(s);
    match hasher.finish() as i64 {
        -1 => -2,
        h => h,
    }
}

/// Hash of text. ASCII text hashes as its bytes, as in CPython; other text hashes as its WTF-8
/// bytes, where CPython hashes its internal array, so those values differ.
#[inline]
pub fn text(key: HashKey, s: &[u8]) -> i64 {
    bytes(key, s)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from CPython 3.13 under `PYTHONHASHSEED=0` and `=42`.
    #[test]
    fn agrees_with_cpython() {
        assert_eq!(bytes(HashKey::from_seed(0), b"abc"), HASH_ABC_0);
        assert_eq!(bytes(HashKey::from_seed(42), b"hello world, hello"), HASH_HELLO_42);
        assert_eq!(bytes(HashKey::from_seed(42), b""), 0);
    }
    const HASH_ABC_0: i64 = -4594863902769663758;
    const HASH_HELLO_42: i64 = 6337082396787517172;
}
