//! The Mersenne Twister of `random`, bit for bit as in CPython.
//!
//! # Source
//! Matsumoto and Nishimura, ACM TOMACS 1998 (MT19937); seeding from an array as in their 2002
//! revision.

use super::big::BigInt;

/// Words of state.
pub const WORDS: usize = 624;
const MIDDLE: usize = 397;
const UPPER: u32 = 0x8000_0000;
const LOWER: u32 = 0x7fff_ffff;

/// Replaces all words of the state by the next ones.
pub fn refill(words: &mut [u32; WORDS]) {
    for i in 0..WORDS {
        let y = words[i] & UPPER | words[(i + 1) % WORDS] & LOWER;
        let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
        words[i] = words[(i + MIDDLE) % WORDS] ^ y >> 1 ^ odd;
    }
}

/// The random bits that a word of the state stands for.
#[inline]
pub fn temper(mut y: u32) -> u32 {
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c_5680;
    y ^= y << 15 & 0xefc6_0000;
    y ^ y >> 18
}

/// A float in 0..1 with 53 random bits, from two draws.
#[inline]
pub fn float_from(first: u32, second: u32) -> f64 {
    let (high, low) = (f64::from(first >> 5), f64::from(second >> 6));
    (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
}

/// One generator.
#[derive(Clone, Debug)]
pub struct Mt19937 {
    words: Box<[u32; WORDS]>,
    next: usize,
}

impl Mt19937 {
    /// Seeds with an array of words, lowest first; an empty one counts as `[0]`.
    pub fn from_array(key: &[u32]) -> Self {
        let key = if key.is_empty() { &[0][..] } else { key };
        let mut this = Self::from_word(19_650_218);
        let words = &mut this.words;
        let mut i = 1;
        let mix = |words: &[u32; WORDS], i: usize, factor: u32| {
            let before = words[i - 1];
            words[i] ^ (before ^ before >> 30).wrapping_mul(factor)
        };
        let advance = |words: &mut [u32; WORDS], i: &mut usize| {
            *i += 1;
            if *i >= WORDS {
                words[0] = words[WORDS - 1];
                *i = 1;
            }
        };
        for step in 0..WORDS.max(key.len()) {
            let j = step % key.len();
            words[i] = mix(words, i, 1_664_525).wrapping_add(key[j]).wrapping_add(j as u32);
            advance(words, &mut i);
        }
        for _ in 1..WORDS {
            words[i] = mix(words, i, 1_566_083_941).wrapping_sub(i as u32);
            advance(words, &mut i);
        }
        words[0] = UPPER;
        this
    }

    fn from_word(seed: u32) -> Self {
        let mut words = Box::new([0; WORDS]);
        words[0] = seed;
        for i in 1..WORDS {
            let before: u32 = words[i - 1];
            words[i] = (before ^ before >> 30).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { words, next: WORDS }
    }

    /// Seeds with the magnitude of `seed`.
    pub fn from_int(seed: &BigInt) -> Self {
        let mut key: Vec<u32> = Vec::new();
        for limb in seed.sign_limbs().1 {
            key.extend([*limb as u32, (limb >> 32) as u32]);
        }
        if key.last() == Some(&0) {
            key.pop();
        }
        Self::from_array(&key)
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.next >= WORDS {
            refill(&mut self.words);
            self.next = 0;
        }
        self.next += 1;
        temper(self.words[self.next - 1])
    }

    /// A float in 0..1 with 53 random bits.
    pub fn random(&mut self) -> f64 {
        float_from(self.next_u32(), self.next_u32())
    }

    /// `bits` random bits, at most 64.
    pub fn bits_u64(&mut self, bits: u32) -> u64 {
        match bits {
            0 => 0,
            1..=32 => u64::from(self.next_u32() >> (32 - bits)),
            _ => {
                let low = u64::from(self.next_u32());
                low | u64::from(self.next_u32() >> (64 - bits.min(64))) << 32
            }
        }
    }

    /// `bits` random bits as an integer of any size.
    pub fn bits_big(&mut self, bits: usize) -> BigInt {
        let limb = |this: &mut Self, i: usize| this.bits_u64((bits - i * 64).min(64) as u32);
        let limbs: Vec<u64> = (0..bits.div_ceil(64)).map(|i| limb(self, i)).collect();
        BigInt::from_sign_limbs(false, &limbs)
    }

    /// The state: the words and the index of the next one.
    pub fn state(&self) -> (&[u32; WORDS], usize) {
        (&self.words, self.next)
    }

    /// A generator in the given state; `None` if `next` is out of range.
    pub fn from_state(words: &[u32; WORDS], next: usize) -> Option<Self> {
        (next <= WORDS).then(|| Self { words: Box::new(*words), next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_stream_as_cpython() {
        let mut rng = Mt19937::from_int(&BigInt::from(42));
        assert_eq!(rng.random(), 0.6394267984578837);
        assert_eq!(rng.random(), 0.025010755222666936);
        assert_eq!(rng.bits_u64(5), 8);
        assert_eq!(rng.bits_u64(40), 245864938384);
        let mut rng = Mt19937::from_int(
            &BigInt::from_decimal("123456789012345678901234567890").expect("number"),
        );
        assert_eq!(rng.random(), 0.7275084571578186);
        assert_eq!(rng.bits_big(100).to_radix(10), "634761180877100312839650170270");
        let mut rng = Mt19937::from_int(&BigInt::zero());
        assert_eq!(rng.random(), 0.8444218515250481);
    }

    #[test]
    fn state_round_trips() {
        let mut rng = Mt19937::from_array(&[1, 2, 3]);
        rng.next_u32();
        let (words, next) = rng.state();
        let mut copy = Mt19937::from_state(words, next).expect("valid");
        assert_eq!(rng.next_u32(), copy.next_u32());
        assert!(Mt19937::from_state(&[0; WORDS], 625).is_none());
    }
}
