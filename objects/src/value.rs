//! The tagged 64-bit word that every Python value is.
//!
//! Encoding (NaN-boxing; Python's floats and small ints never touch the heap):
//!
//! | word | means |
//! |---|---|
//! | `0` | unbound: an empty slot, a missing argument |
//! | below `2^48`, multiple of 8 | pointer to a heap object |
//! | below `2^48`, low bit 1 | pointer to Rust memory that the collector must skip |
//! | below `2^48`, low bits `010` | `None`, `True`, `False`, ... |
//! | `2^48 ..= 0xFFF1 << 48` | a double, its bits plus `2^48`, NaN canonical |
//! | at least `0xFFF8 << 48` | a 51-bit signed integer in the low 51 bits |
//!
//! Holds: equality of words is Python's `is`, except that equal floats and ints are always identical.

use std::fmt;

use crate::heap::Obj;

/// A Python value: a tagged word, copied freely. Equality is identity (`is`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(u64);

const FLOAT_OFFSET: u64 = 1 << 48;
const INT_TAG: u64 = 0xFFF8 << 48;
const INT_SHIFT: u32 = 13;
const NOT_OBJ: u64 = 0xFFFF_0000_0000_0007;

impl Value {
    /// No value: an unbound local, an empty slot, an argument that was not given.
    pub const UNBOUND: Self = Self(0);
    /// Python's `None`.
    pub const NONE: Self = Self(0x02);
    /// Python's `False`.
    pub const FALSE: Self = Self(0x0A);
    /// Python's `True`.
    pub const TRUE: Self = Self(0x12);
    /// Python's `NotImplemented`.
    pub const NOT_IMPLEMENTED: Self = Self(0x1A);
    /// Python's `Ellipsis`.
    pub const ELLIPSIS: Self = Self(0x22);
    /// Marks a deleted entry of a hash table; never visible to Python.
    pub const TOMBSTONE: Self = Self(0x2A);

    /// Largest integer held inline.
    pub const INT_MAX: i64 = (1 << 50) - 1;
    /// Smallest integer held inline.
    pub const INT_MIN: i64 = -(1 << 50);

    /// The word itself.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The value whose word is `bits`; the word must have come from [`Value::bits`].
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Whether this is no value at all.
    #[inline(always)]
    pub const fn is_unbound(self) -> bool {
        self.0 == 0
    }

    /// Whether a value is there.
    #[inline(always)]
    pub const fn is_bound(self) -> bool {
        self.0 != 0
    }

    /// `Some(self)` unless unbound.
    #[inline(always)]
    pub const fn bound(self) -> Option<Self> {
        if self.0 == 0 { None } else { Some(self) }
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn bool(b: bool) -> Self {
        if b { Self::TRUE } else { Self::FALSE }
    }

    /// Whether this is `True` or `False`.
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 == Self::TRUE.0 || self.0 == Self::FALSE.0
    }

    /// The integer as a word if it fits inline (51 bits), else `None`; see `Cx::new_int` for any size.
    #[inline(always)]
    pub const fn try_int(i: i64) -> Option<Self> {
        if (i << INT_SHIFT) >> INT_SHIFT == i { Some(Self::small(i)) } else { None }
    }

    /// The integer as a word; `i` must lie in `INT_MIN..=INT_MAX`, else high bits are lost.
    #[inline(always)]
    pub const fn small(i: i64) -> Self {
        Self(i as u64 | INT_TAG)
    }

    /// Whether this is an inline integer (bools are not).
    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.0 >= INT_TAG
    }

    /// The inline integer; meaningless unless [`Value::is_small`].
    #[inline(always)]
    pub const fn as_small(self) -> i64 {
        ((self.0 << INT_SHIFT) as i64) >> INT_SHIFT
    }

    /// The inline integer, if it is one.
    #[inline(always)]
    pub const fn small_int(self) -> Option<i64> {
        if self.is_small() { Some(self.as_small()) } else { None }
    }

    /// Sum of two inline integers, `None` when it does not fit inline.
    #[inline(always)]
    pub const fn small_add(self, other: Self) -> Option<Self> {
        // The tags fall off the top, so the carry out of bit 63 is the 51-bit overflow.
        match ((self.0 << INT_SHIFT) as i64).checked_add((other.0 << INT_SHIFT) as i64) {
            Some(sum) => Some(Self((sum as u64 >> INT_SHIFT) | INT_TAG)),
            None => None,
        }
    }

    /// Difference of two inline integers, `None` when it does not fit inline.
    #[inline(always)]
    pub const fn small_sub(self, other: Self) -> Option<Self> {
        match ((self.0 << INT_SHIFT) as i64).checked_sub((other.0 << INT_SHIFT) as i64) {
            Some(diff) => Some(Self((diff as u64 >> INT_SHIFT) | INT_TAG)),
            None => None,
        }
    }

    /// Product of two inline integers, `None` when it does not fit inline.
    #[inline(always)]
    pub const fn small_mul(self, other: Self) -> Option<Self> {
        match ((self.0 << INT_SHIFT) as i64).checked_mul(other.as_small()) {
            Some(product) => Some(Self((product as u64 >> INT_SHIFT) | INT_TAG)),
            None => None,
        }
    }

    /// A float; every NaN becomes the canonical one.
    #[inline(always)]
    pub fn float(f: f64) -> Self {
        let bits = if f.is_nan() { 0x7FF8 << 48 } else { f.to_bits() };
        Self(bits + FLOAT_OFFSET)
    }

    /// Whether this is a float.
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        self.0 >= FLOAT_OFFSET && self.0 < INT_TAG
    }

    /// The float; meaningless unless [`Value::is_float`].
    #[inline(always)]
    pub const fn as_float(self) -> f64 {
        f64::from_bits(self.0.wrapping_sub(FLOAT_OFFSET))
    }

    /// The float, if it is exactly one (no conversion from int).
    #[inline(always)]
    pub const fn float_value(self) -> Option<f64> {
        if self.is_float() { Some(self.as_float()) } else { None }
    }

    /// Whether this points to a heap object.
    #[inline(always)]
    pub const fn is_obj(self) -> bool {
        self.0 & NOT_OBJ == 0 && self.0 != 0
    }

    /// The heap object, if it is one.
    #[inline(always)]
    pub fn obj(self) -> Option<Obj> {
        if self.is_obj() { Some(Obj::from_word(self.0)) } else { None }
    }

    /// A word for an address in Rust memory (at least 2-aligned) that the collector skips.
    #[inline(always)]
    pub fn foreign(address: usize) -> Self {
        debug_assert!(address & 1 == 0 && address >> 48 == 0);
        Self(address as u64 | 1)
    }

    /// The address put in by [`Value::foreign`]; 0 when unbound.
    #[inline(always)]
    pub const fn foreign_address(self) -> usize {
        (self.0 & !1) as usize
    }
}

impl From<Obj> for Value {
    #[inline(always)]
    fn from(o: Obj) -> Self {
        Self(o.to_word())
    }
}

impl From<bool> for Value {
    #[inline(always)]
    fn from(b: bool) -> Self {
        Self::bool(b)
    }
}

impl From<f64> for Value {
    #[inline(always)]
    fn from(f: f64) -> Self {
        Self::float(f)
    }
}

impl Default for Value {
    fn default() -> Self {
        Self::UNBOUND
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UNBOUND => f.write_str("<unbound>"),
            Self::NONE => f.write_str("None"),
            Self::TRUE => f.write_str("True"),
            Self::FALSE => f.write_str("False"),
            v if v.is_small() => write!(f, "{}", v.as_small()),
            v if v.is_float() => write!(f, "{:?}", v.as_float()),
            v if v.is_obj() => write!(f, "<object at {:#x}>", v.0),
            v => write!(f, "<word {:#x}>", v.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn small_ints_keep_their_value_at_the_edges() {
        for i in [0, 1, -1, 42, Value::INT_MAX, Value::INT_MIN] {
            let v = Value::try_int(i).expect("fits");
            assert!(v.is_small() && !v.is_float() && !v.is_obj());
            assert_eq!(v.as_small(), i);
        }
        assert_eq!(Value::try_int(Value::INT_MAX + 1), None);
        assert_eq!(Value::try_int(Value::INT_MIN - 1), None);
    }

    #[test]
    fn arithmetic_reports_overflow_of_51_bits() {
        let max = Value::small(Value::INT_MAX);
        assert_eq!(max.small_add(Value::small(1)), None);
        assert_eq!(max.small_sub(Value::small(-1)), None);
        assert_eq!(max.small_mul(Value::small(2)), None);
        assert_eq!(Value::small(-7).small_mul(Value::small(6)), Some(Value::small(-42)));
        assert_eq!(Value::small(-7).small_add(Value::small(6)), Some(Value::small(-1)));
    }

    #[test]
    fn floats_survive_and_are_never_ints_or_objects() {
        for f in [
            0.0,
            -0.0,
            1.5,
            f64::MAX,
            f64::MIN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MIN_POSITIVE,
        ] {
            let v = Value::float(f);
            assert!(v.is_float() && !v.is_small() && !v.is_obj());
            assert_eq!(v.as_float().to_bits(), f.to_bits());
        }
        let nan = Value::float(f64::from_bits(0xFFFF_FFFF_FFFF_FFFF));
        assert!(nan.is_float() && nan.as_float().is_nan());
    }

    #[test]
    fn immediates_are_not_objects() {
        for v in [
            Value::UNBOUND,
            Value::NONE,
            Value::TRUE,
            Value::FALSE,
            Value::ELLIPSIS,
            Value::foreign(64),
        ] {
            assert!(!v.is_obj() && !v.is_small() && !v.is_float());
        }
    }
}
