//! Containers shared by two real threads: what the conflict rules of their files promise.
//!
//! Kills: a read outside a bracket, a write before its claim, a growth that changes the old buffer.

use std::thread;

use crate::{
    Completion, Cx, Obj, Settings, Value, World,
    protocol::{self, RootVec},
    types::{dict, list, set, str as string},
};

fn world() -> Box<Cx> {
    let mut cx =
        World::create(Settings { stack_words: 1 << 12, ..Settings::default() }).expect("memory");
    cx.set_solo(false);
    cx
}

/// Runs `f` as one transaction.
fn atomically<R>(cx: &mut Cx, mut f: impl FnMut(&mut Cx) -> Completion<R>) -> R {
    loop {
        cx.tx.begin();
        match f(cx) {
            Ok(r) => {
                if cx.tx.commit().is_ok() {
                    return r;
                }
            }
            Err(escape) => {
                assert!(escape.is_abort(), "no exceptions in these tests");
                let cause = cx.take_abort().expect("aborts have causes");
                cx.tx.abort(cause);
            }
        }
    }
}

/// Runs `work` in two threads of one world; each gets its number.
fn in_two_threads(world: &'static World, work: impl Fn(&mut Cx, i64) + Copy + Send + 'static) {
    let run = move |me| {
        let mut cx = world.attach().expect("a thread");
        cx.set_solo(false);
        work(&mut cx, me);
        world.detach(cx);
    };
    let threads = [0, 1].map(|me| thread::spawn(move || run(me)));
    for t in threads {
        t.join().expect("no panic");
    }
}

fn int(i: i64) -> Value {
    Value::small(i)
}

fn add(cx: &mut Cx, d: Obj, key: Value, by: i64) -> Completion<()> {
    let old = dict::get_item(cx, d, key)?.bound().map_or(0, Value::as_small);
    dict::set_item(cx, d, key, int(old + by))
}

#[test]
fn no_increment_is_lost_while_a_dict_grows() {
    let cx = &mut *world();
    let d = atomically(cx, dict::new);
    in_two_threads(cx.world, move |cx, me| {
        for i in 0..3000 {
            atomically(cx, |cx| add(cx, d, int(i % 700), 1));
            atomically(cx, |cx| add(cx, d, int(100_000 + me * 10_000 + i), 1));
        }
    });
    let values = atomically(cx, |cx| dict::values(cx, d));
    let total: i64 = values.as_slice().iter().map(|v| v.as_small()).sum();
    assert_eq!((values.len(), total), (700 + 6000, 12_000));
}

#[test]
fn a_sum_over_two_dicts_never_changes() {
    let cx = &mut *world();
    let (a, b) = (atomically(cx, dict::new), atomically(cx, dict::new));
    atomically(cx, |cx| (0..50).try_for_each(|i| dict::set_item(cx, a, int(i), int(10))));
    in_two_threads(cx.world, move |cx, me| {
        for round in 0..2000 {
            if me == 0 {
                atomically(cx, |cx| {
                    let (from, to) = if round % 100 < 50 { (a, b) } else { (b, a) };
                    match dict::pop_last(cx, from)? {
                        Some((key, v)) => add(cx, to, key, v.as_small()),
                        None => Ok(()),
                    }
                });
            } else {
                let total = atomically(cx, |cx| {
                    let (x, y) = (dict::values(cx, a)?, dict::values(cx, b)?);
                    Ok(x.as_slice().iter().chain(y.as_slice()).map(|v| v.as_small()).sum::<i64>())
                });
                assert_eq!(total, 500);
            }
        }
    });
}

#[test]
fn appends_and_pops_lose_and_repeat_nothing() {
    let cx = &mut *world();
    let (source, target) = (atomically(cx, list::new), atomically(cx, list::new));
    atomically(cx, |cx| (0..4000).try_for_each(|i| list::push(cx, source, int(i))));
    in_two_threads(cx.world, move |cx, me| {
        loop {
            let moved = atomically(cx, |cx| {
                let v = if me == 0 {
                    list::pop(cx, source)?
                } else {
                    let v = list::get(cx, source, 0)?;
                    list::splice(cx, source, 0, 1, &[])?;
                    v
                };
                if v.is_bound() {
                    list::push(cx, target, v)?;
                }
                Ok(v.is_bound())
            });
            if !moved {
                break;
            }
        }
    });
    let mut all: Vec<i64> = atomically(cx, |cx| list::snapshot(cx, target))
        .as_slice()
        .iter()
        .map(|v| v.as_small())
        .collect();
    all.sort_unstable();
    assert!(all.iter().copied().eq(0..4000), "{} items", all.len());
}

#[test]
fn a_list_is_never_seen_half_sorted() {
    let cx = &mut *world();
    let l = atomically(cx, list::new);
    atomically(cx, |cx| (0..300).try_for_each(|i| list::push(cx, l, int(i * 7919 % 300))));
    in_two_threads(cx.world, move |cx, me| {
        for round in 0..400 {
            if me == 0 {
                atomically(cx, |cx| list::sort(cx, l, None, round % 2 == 0));
            } else {
                let seen = atomically(cx, |cx| list::snapshot(cx, l));
                let items: Vec<i64> = seen.as_slice().iter().map(|v| v.as_small()).collect();
                assert_eq!(items.len(), 300);
                assert_eq!(items.iter().sum::<i64>(), 299 * 150);
                let sorted = items.is_sorted() || items.iter().rev().is_sorted();
                assert!(sorted || items[1] == 7919 % 300);
            }
        }
    });
}

#[test]
fn a_shared_iterator_gives_each_item_once() {
    let cx = &mut *world();
    let l = atomically(cx, list::new);
    atomically(cx, |cx| (0..5000).try_for_each(|i| list::push(cx, l, int(i))));
    let it = atomically(cx, |cx| list::iter::new(cx, l)).obj().expect("an iterator");
    let got = [0, 1].map(|_| atomically(cx, list::new));
    in_two_threads(cx.world, move |cx, me| {
        loop {
            let more = atomically(cx, |cx| {
                let v = list::iter::next::<true>(cx, it)?;
                if v.is_bound() {
                    list::push(cx, got[me as usize], v)?;
                }
                Ok(v.is_bound())
            });
            if !more {
                break;
            }
        }
    });
    let mut all: Vec<i64> = Vec::new();
    for l in got {
        all.extend(
            atomically(cx, |cx| list::snapshot(cx, l)).as_slice().iter().map(|v| v.as_small()),
        );
    }
    all.sort_unstable();
    assert!(all.iter().copied().eq(0..5000), "{} items", all.len());
}

#[test]
fn sets_keep_their_invariant_under_adds_and_discards() {
    let cx = &mut *world();
    let (a, b) = (atomically(cx, set::new), atomically(cx, set::new));
    in_two_threads(cx.world, move |cx, me| {
        for i in 0..3000 {
            let key = int((i * 31 + me * 17) % 400);
            // Each key is in exactly one of the sets, or in none yet.
            atomically(cx, |cx| {
                if set::discard(cx, a, key)? {
                    set::add(cx, b, key).map(|_| ())
                } else {
                    set::discard(cx, b, key)?;
                    set::add(cx, a, key).map(|_| ())
                }
            });
        }
    });
    let (x, y) = atomically(cx, |cx| Ok((set::items(cx, a)?, set::items(cx, b)?)));
    let mut all: Vec<i64> = x.as_slice().iter().chain(y.as_slice()).map(|v| v.as_small()).collect();
    all.sort_unstable();
    assert!(all.iter().copied().eq(0..400), "{} keys", all.len());
}

#[test]
fn names_with_cells_conflict_only_with_themselves() {
    let cx = &mut *world();
    let d = atomically(cx, dict::new);
    let names = ["x", "y"].map(|n| cx.intern(n).expect("memory"));
    let cells =
        names.map(|n| atomically(cx, |cx| dict::namespace_cell(cx, d, n, true)).expect("made"));
    atomically(cx, |cx| names.iter().try_for_each(|&n| dict::set_item(cx, d, n, int(0))));
    in_two_threads(cx.world, move |cx, me| {
        for _ in 0..3000 {
            atomically(cx, |cx| add(cx, d, names[me as usize], 1));
        }
        assert_eq!(cx.tx.stats().aborts_total(), 0, "different names do not conflict");
    });
    in_two_threads(cx.world, move |cx, _| {
        for _ in 0..1000 {
            atomically(cx, |cx| add(cx, d, names[0], 1));
        }
    });
    assert_eq!(cells.map(|c| c.raw(2).as_small()), [5000, 3000]);
    let keys: RootVec = atomically(cx, |cx| dict::keys(cx, d));
    let keys: Vec<_> = keys.as_slice().iter().filter_map(|&k| string::text(k)).collect();
    assert_eq!(keys, ["x", "y"]);
}

#[test]
fn an_aborted_attempt_leaves_no_trace() {
    let cx = &mut *world();
    let (d, l) = (atomically(cx, dict::new), atomically(cx, list::new));
    atomically(cx, |cx| {
        for i in 0..20 {
            dict::set_item(cx, d, int(i), int(i))?;
            list::push(cx, l, int(i))?;
        }
        Ok(())
    });
    cx.tx.begin();
    for i in 0..200 {
        dict::set_item(cx, d, int(i * 3), int(-1)).expect("alone");
        list::insert(cx, l, 5, int(-1)).expect("alone");
    }
    for i in 0..10 {
        dict::del_item(cx, d, int(i)).expect("alone");
    }
    list::sort(cx, l, None, true).expect("alone");
    dict::clear(cx, d).expect("alone");
    cx.tx.abort(taipan_stm::Abort::User);
    let (items, entries) = atomically(cx, |cx| Ok((list::snapshot(cx, l)?, dict::items(cx, d)?)));
    assert!(items.as_slice().iter().map(|v| v.as_small()).eq(0..20));
    assert!(entries.as_slice().chunks_exact(2).map(|e| e[0].as_small()).eq(0..20));
    assert!(atomically(cx, |cx| protocol::equal(cx, int(1), Value::TRUE)));
}
