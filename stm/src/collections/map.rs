//! A hash map of small immutable buckets that doubles in place.
//!
//! Buckets live in segments that double in size and are never freed before the map, so references
//! to them stay good while the table grows. Bucket `b` of a table of `n` buckets splits into `b` and
//! `b + n`.
//!
//! - Holds: a key's entry is in bucket `hash % n` and nowhere else, where `n` is `16 << level`.

use std::{
    fmt,
    hash::{BuildHasher, Hash, RandomState},
};

use crate::{Stop, TCounter, TVar, Tx, sync::OnceLock};

const FIRST: usize = 16;
const SEGMENTS: usize = 40;
/// A bucket this long makes the map look whether it should double.
const LONG: usize = 8;

type Bucket<K, V> = TVar<Vec<(K, V)>>;
type Segment<K, V> = OnceLock<Box<[Bucket<K, V>]>>;

/// A map from keys to values.
///
/// Conflicts: two operations conflict if they touch the same bucket (same key, or same hash modulo
/// the table's size) and one of them writes. A miss reads its bucket, so it conflicts with the
/// insertion of that key. Doubling conflicts with everything. [`TMap::len`] conflicts with insertions
/// and removals.
/// Cost: one bucket, on average one or two entries long, is read, or copied and replaced.
///
/// ```
/// use taipan_stm::{TMap, atomically};
///
/// let ages = TMap::new();
/// atomically(|tx| {
///     ages.insert(tx, "ada", 36)?;
///     ages.insert(tx, "alan", 41)
/// });
/// assert_eq!(atomically(|tx| ages.get(tx, &"ada")), Some(36));
/// assert_eq!(atomically(|tx| ages.remove(tx, &"alan")), Some(41));
/// assert_eq!(atomically(|tx| ages.len(tx)), 1);
/// ```
pub struct TMap<K: 'static, V: 'static, S = RandomState> {
    segments: [Segment<K, V>; SEGMENTS],
    level: TVar<u32>,
    count: TCounter,
    hasher: S,
}

/// The segment and the place in it of bucket `index`.
fn place(index: usize) -> (usize, usize) {
    if index < FIRST {
        return (0, index);
    }
    let segment = (index / FIRST).ilog2() as usize + 1;
    (segment, index - (FIRST << (segment - 1)))
}

impl<K, V> TMap<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// An empty map.
    #[must_use]
    pub fn new() -> TMap<K, V> {
        TMap::with_hasher(RandomState::new())
    }
}

impl<K, V, S> TMap<K, V, S>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    S: BuildHasher,
{
    /// An empty map that hashes with `hasher`.
    #[must_use]
    pub fn with_hasher(hasher: S) -> TMap<K, V, S> {
        TMap {
            segments: [const { OnceLock::new() }; SEGMENTS],
            level: TVar::new(0),
            count: TCounter::new(0),
            hasher,
        }
    }

    fn bucket(&self, index: usize) -> &Bucket<K, V> {
        let (segment, at) = place(index);
        let len = if segment == 0 { FIRST } else { FIRST << (segment - 1) };
        &self.segments[segment].get_or_init(|| (0..len).map(|_| TVar::new(Vec::new())).collect())
            [at]
    }

    fn find<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<&'s Bucket<K, V>, Stop> {
        let size = FIRST << tx.read(&self.level)?;
        Ok(self.bucket(self.hasher.hash_one(key) as usize & (size - 1)))
    }

    /// What `look` makes of the value under `key`.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn with<'s, R>(
        &'s self,
        tx: &mut Tx<'s, '_>,
        key: &K,
        look: impl FnOnce(&V) -> R,
    ) -> Result<Option<R>, Stop> {
        let bucket = self.find(tx, key)?;
        tx.with(bucket, |entries| entries.iter().find(|entry| entry.0 == *key).map(|e| look(&e.1)))
    }

    /// A copy of the value under `key`.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn get<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<Option<V>, Stop> {
        self.with(tx, key, V::clone)
    }

    /// Is there a value under `key`?
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn contains<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<bool, Stop> {
        Ok(self.with(tx, key, |_| ())?.is_some())
    }

    /// Sets the value under `key`; gives the old one.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn insert<'s>(&'s self, tx: &mut Tx<'s, '_>, key: K, value: V) -> Result<Option<V>, Stop> {
        let bucket = self.find(tx, &key)?;
        let mut entries = tx.read(bucket)?;
        if let Some(entry) = entries.iter_mut().find(|entry| entry.0 == key) {
            let old = std::mem::replace(&mut entry.1, value);
            tx.write(bucket, entries)?;
            return Ok(Some(old));
        }
        entries.push((key, value));
        let long = entries.len() > LONG;
        tx.write(bucket, entries)?;
        self.count.add(tx, 1)?;
        if long {
            self.grow_if_loaded(tx)?;
        }
        Ok(None)
    }

    /// Takes the value under `key` out.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn remove<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<Option<V>, Stop> {
        let bucket = self.find(tx, key)?;
        let at = tx.with(bucket, |entries| entries.iter().position(|entry| entry.0 == *key))?;
        let Some(at) = at else { return Ok(None) };
        let mut entries = tx.read(bucket)?;
        let (_, value) = entries.swap_remove(at);
        tx.write(bucket, entries)?;
        self.count.add(tx, -1)?;
        Ok(Some(value))
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn len<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<usize, Stop> {
        Ok(self.count.get(tx)? as usize)
    }

    /// Are there no entries?
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn is_empty<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<bool, Stop> {
        Ok(self.len(tx)? == 0)
    }

    /// All entries, in no particular order.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn entries<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<Vec<(K, V)>, Stop> {
        let mut all = Vec::new();
        for index in 0..FIRST << tx.read(&self.level)? {
            tx.with(self.bucket(index), |entries| all.extend_from_slice(entries))?;
        }
        Ok(all)
    }

    /// Doubles the table if the first buckets are full on average; one long bucket alone may be
    /// the fault of the hash.
    #[cold]
    fn grow_if_loaded<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<(), Stop> {
        let level = tx.read(&self.level)?;
        let sampled = (0..FIRST)
            .try_fold(0, |sum, index| Ok(sum + tx.with(self.bucket(index), Vec::len)?))?;
        if sampled < 2 * FIRST || level as usize + 2 >= SEGMENTS {
            return Ok(());
        }
        let size = FIRST << level;
        for index in 0..size {
            let entries = tx.read(self.bucket(index))?;
            let (stay, go) = entries
                .into_iter()
                .partition(|entry| self.hasher.hash_one(&entry.0) as usize & size == 0);
            tx.write(self.bucket(index), stay)?;
            tx.write(self.bucket(index + size), go)?;
        }
        tx.write(&self.level, level + 1)
    }
}

impl<K, V> Default for TMap<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        TMap::new()
    }
}

impl<K, V, S> fmt::Debug for TMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TMap").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{FIRST, TMap, place};
    use crate::atomically;

    #[test]
    fn places_are_distinct_and_within_their_segments() {
        let mut seen = std::collections::HashSet::new();
        for index in 0..FIRST * 64 {
            let (segment, at) = place(index);
            let len = if segment == 0 { FIRST } else { FIRST << (segment - 1) };
            assert!(at < len && seen.insert((segment, at)), "{index}");
        }
    }

    #[test]
    fn a_thousand_keys_survive_growth() {
        let map = TMap::new();
        for key in 0..1000 {
            assert_eq!(atomically(|tx| map.insert(tx, key, key * 2)), None);
        }
        assert!(atomically(|tx| tx.read(&map.level)) > 3);
        for key in 0..1000 {
            assert_eq!(atomically(|tx| map.get(tx, &key)), Some(key * 2));
            if key % 2 == 0 {
                assert_eq!(atomically(|tx| map.remove(tx, &key)), Some(key * 2));
            }
        }
        let mut left = atomically(|tx| map.entries(tx));
        left.sort_unstable();
        assert_eq!(left.len(), atomically(|tx| map.len(tx)));
        assert_eq!(left, (1..1000).step_by(2).map(|key| (key, key * 2)).collect::<Vec<_>>());
    }
}
