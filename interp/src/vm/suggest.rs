//! "Did you mean": the closest of some names, by CPython's weighted edit distance.

const MOVE: usize = 2;
const CASE: usize = 1;
const LENGTH_MAX: usize = 40;
const CANDIDATES_MAX: usize = 750;

/// The candidate closest to `name`, if one is close enough to be what was meant.
pub fn closest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if candidates.len() > CANDIDATES_MAX || name.len() > LENGTH_MAX {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for &candidate in candidates {
        if candidate == name {
            continue;
        }
        let mut max = (name.len() + candidate.len() + 3) * MOVE / 6;
        if let Some((distance, _)) = best {
            max = max.min(distance - 1);
        }
        if let Some(d) = distance(name.as_bytes(), candidate.as_bytes(), max)
            && best.is_none_or(|(least, _)| d < least)
        {
            best = Some((d, candidate));
            if d == 0 {
                break;
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn substitution(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

/// The distance, if it is at most `max`.
fn distance(a: &[u8], b: &[u8], max: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) * MOVE > max {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * MOVE).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE;
        for (j, &y) in b.iter().enumerate() {
            let cost = (diagonal + substitution(x, y)).min(row[j] + MOVE).min(row[j + 1] + MOVE);
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row.last().copied().filter(|&d| d <= max)
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
