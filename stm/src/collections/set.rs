//! A set: a map without values.

use std::{
    fmt,
    hash::{BuildHasher, Hash, RandomState},
};

use crate::{Stop, TMap, Tx};

/// A set of keys. Conflicts and costs are those of [`TMap`].
///
/// ```
/// use taipan_stm::{TSet, atomically};
///
/// let seen = TSet::new();
/// assert!(atomically(|tx| seen.insert(tx, 7)));
/// assert!(!atomically(|tx| seen.insert(tx, 7)));
/// assert!(atomically(|tx| seen.contains(tx, &7)));
/// ```
pub struct TSet<K: 'static, S = RandomState> {
    map: TMap<K, (), S>,
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> TSet<K> {
    /// An empty set.
    #[must_use]
    pub fn new() -> TSet<K> {
        TSet { map: TMap::new() }
    }
}

impl<K, S> TSet<K, S>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    S: BuildHasher,
{
    /// An empty set that hashes with `hasher`.
    #[must_use]
    pub fn with_hasher(hasher: S) -> TSet<K, S> {
        TSet { map: TMap::with_hasher(hasher) }
    }

    /// Adds `key`; true if it was not there.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn insert<'s>(&'s self, tx: &mut Tx<'s, '_>, key: K) -> Result<bool, Stop> {
        if self.map.contains(tx, &key)? {
            return Ok(false);
        }
        self.map.insert(tx, key, ())?;
        Ok(true)
    }

    /// Takes `key` out; true if it was there.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn remove<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<bool, Stop> {
        Ok(self.map.remove(tx, key)?.is_some())
    }

    /// Is `key` there?
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn contains<'s>(&'s self, tx: &mut Tx<'s, '_>, key: &K) -> Result<bool, Stop> {
        self.map.contains(tx, key)
    }

    /// How many keys there are.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn len<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<usize, Stop> {
        self.map.len(tx)
    }

    /// Are there no keys?
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn is_empty<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<bool, Stop> {
        self.map.is_empty(tx)
    }
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Default for TSet<K> {
    fn default() -> Self {
        TSet::new()
    }
}

impl<K, S> fmt::Debug for TSet<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TSet").finish_non_exhaustive()
    }
}
