//! The closest name to a misspelled one.
//!
//! Distances follow CPython: two per inserted, deleted or replaced byte, one for a change of case.

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MAX_CANDIDATES: usize = 750;
const MAX_LEN: usize = 40;

/// The candidate most like `wrong`, if one is like it enough.
#[must_use]
pub fn closest<'a>(wrong: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let mut best: Option<(usize, &'a str)> = None;
    for &candidate in candidates {
        if candidate == wrong {
            continue;
        }
        // At most a third of the characters involved may differ.
        let limit = (candidate.len() + wrong.len() + 3) * MOVE_COST / 6;
        let limit = match best {
            Some((0, _)) => break,
            Some((distance, _)) => limit.min(distance - 1),
            None => limit,
        };
        if let Some(distance) = edit_distance(wrong, candidate, limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// The distance between `a` and `b` if it is at most `limit`.
#[must_use]
pub fn edit_distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    let n_head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    (a, b) = (a.get(n_head..)?, b.get(n_head..)?);
    let n_tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (a, b) = (a.get(..a.len() - n_tail)?, b.get(..b.len() - n_tail)?);
    if a.is_empty() || b.is_empty() {
        return Some((a.len() + b.len()) * MOVE_COST).filter(|&distance| distance <= limit);
    }
    if a.len() > MAX_LEN || b.len() > MAX_LEN {
        return None;
    }
    if b.len() < a.len() {
        (a, b) = (b, a);
    }
    if (b.len() - a.len()) * MOVE_COST > limit {
        return None;
    }
    // One row of the usual table, updated in place.
    let mut row: Vec<usize> = (1..=a.len()).map(|n| n * MOVE_COST).collect();
    let mut result = 0;
    for (index, &from) in b.iter().enumerate() {
        let mut diagonal = index * MOVE_COST;
        result = diagonal;
        let mut lowest = usize::MAX;
        for (cell, &to) in row.iter_mut().zip(a) {
            let replace = diagonal + replace_cost(from, to);
            diagonal = *cell;
            result = replace.min(result.min(diagonal) + MOVE_COST);
            *cell = result;
            lowest = lowest.min(result);
        }
        if lowest > limit {
            return None;
        }
    }
    Some(result).filter(|&distance| distance <= limit)
}

const fn replace_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(closest("max_split", &["maxsplit", "sep"]), Some("maxsplit"));
        assert_eq!(closest("zzz", &["maxsplit", "sep"]), None);
        assert_eq!(closest("Foo", &["foo"]), Some("foo"));
    }
}
