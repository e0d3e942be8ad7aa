//! Split dicts: the same answers as whole ones, and no conflict between keys.

use std::thread;

use crate::{
    Completion, Cx, Obj, Settings, Value, World,
    types::dict::{self, namespace},
};

fn world() -> Box<Cx> {
    let settings = Settings { stack_words: 1 << 12, split_from: 1, ..Settings::default() };
    let mut cx = World::create(settings).expect("memory");
    cx.set_solo(false);
    cx
}

/// Runs `f` as one transaction; `None` if it was aborted.
fn attempt<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> Completion<R>) -> Option<R> {
    cx.tx.begin();
    let result = f(cx);
    match (result, cx.take_abort()) {
        (Ok(r), None) => cx.tx.commit().is_ok().then_some(r),
        (_, cause) => {
            cx.tx.abort(cause.expect("no exceptions in these tests"));
            None
        }
    }
}

fn alone<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> Completion<R>) -> R {
    attempt(cx, f).expect("nobody else is there")
}

fn int(i: i64) -> Value {
    Value::small(i)
}

fn filled(cx: &mut Cx, n: i64) -> Obj {
    alone(cx, |cx| {
        let d = dict::new(cx)?;
        (0..n).try_for_each(|i| dict::set_item(cx, d, int(i), int(i)))?;
        Ok(d)
    })
}

/// One operation on a dict and what it gives; `n` chooses it.
fn operation(cx: &mut Cx, d: Obj, n: u64, stored: Value) -> Completion<Vec<Value>> {
    let key = int((n >> 8) as i64 % 40);
    let pair = |p: Option<(Value, Value)>| p.map_or(vec![], |(k, v)| vec![k, v]);
    Ok(match n % 16 {
        0..6 => dict::set_item(cx, d, key, stored).map(|()| vec![])?,
        6..8 => vec![dict::get_item(cx, d, key)?],
        8 => vec![dict::take(cx, d, key)?],
        9 => vec![Value::bool(dict::del_item(cx, d, key)?)],
        10 => pair(dict::pop_last(cx, d)?),
        11 => pair(dict::pop_first(cx, d)?),
        12 => vec![Value::bool(dict::move_to_end(cx, d, key, n & 16 == 0)?)],
        13 => vec![dict::set_default(cx, d, key, stored)?],
        14 if n & 0xF0 == 0 => dict::clear(cx, d).map(|()| vec![])?,
        14 => {
            let other = dict::copy(cx, d)?;
            dict::merge(cx, d, other)?;
            dict::items(cx, other)?.as_slice().to_vec()
        }
        _ => vec![int(dict::len(cx, d)? as i64)],
    })
}

#[test]
fn a_split_dict_answers_like_a_whole_one() {
    let cx = &mut *world();
    let (split, whole) = (filled(cx, 30), filled(cx, 30));
    // A cell is a value like any other.
    let cell: Value = alone(cx, |cx| namespace::new_cell(cx, int(7))).into();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut splits = 0;
    for round in 0..20_000_u64 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let stored = if round % 11 == 0 { cell } else { int(round as i64) };
        splits += u64::from(alone(cx, |cx| dict::split(cx, split)));
        let given = alone(cx, |cx| operation(cx, split, random, stored));
        let wanted = alone(cx, |cx| operation(cx, whole, random, stored));
        assert_eq!(given, wanted, "operation {} of round {round}", random % 16);
        let (a, b) = alone(cx, |cx| Ok((dict::items(cx, split)?, dict::items(cx, whole)?)));
        assert_eq!(a.as_slice(), b.as_slice(), "round {round}");
    }
    assert!(splits > 100, "cleared dicts are whole again: {splits}");
}

#[test]
fn an_aborted_split_leaves_a_whole_dict() {
    let cx = &mut *world();
    let d = filled(cx, 10);
    cx.tx.begin();
    assert_eq!(dict::split(cx, d), Ok(true));
    dict::set_item(cx, d, int(3), int(-3)).expect("alone");
    dict::del_item(cx, d, int(4)).expect("alone");
    cx.tx.abort(taipan_stm::Abort::User);
    let items = alone(cx, |cx| dict::items(cx, d));
    assert!(items.as_slice().chunks_exact(2).all(|e| e[0] == e[1]) && items.len() == 20);
    assert!(alone(cx, |cx| dict::split(cx, d)), "it was whole");
}

#[test]
fn a_split_dict_can_become_a_namespace() {
    let cx = &mut *world();
    let d = filled(cx, 10);
    let name = cx.intern("name").expect("memory");
    alone(cx, |cx| dict::set_item(cx, d, name, int(1)));
    alone(cx, |cx| dict::split(cx, d));
    alone(cx, |cx| dict::set_item(cx, d, name, int(2)));
    let cell = alone(cx, |cx| dict::namespace_cell(cx, d, name, false)).expect("there");
    assert!(alone(cx, |cx| dict::del_item(cx, d, name)));
    alone(cx, |cx| dict::set_item(cx, d, name, int(3)));
    let again = alone(cx, |cx| dict::namespace_cell(cx, d, name, false));
    assert_eq!((again, cell.raw(namespace::CELL_VALUE)), (Some(cell), int(3)));
}

/// An attempt that runs `before` and `after`; between the two another thread's attempt runs `other` and commits. Says whether
/// this one commits.
fn around(
    cx: &mut Cx,
    before: impl FnOnce(&mut Cx) -> Completion<()>,
    other: impl FnOnce(&mut Cx) -> Completion<()> + Send + 'static,
    after: impl FnOnce(&mut Cx) -> Completion<()>,
) -> bool {
    let world = cx.world;
    attempt(cx, |cx| {
        before(cx)?;
        let rival = thread::spawn(move || {
            let mut cx = world.attach().expect("a thread");
            cx.set_solo(false);
            alone(&mut cx, other);
            world.detach(cx);
        });
        rival.join().expect("it commits");
        after(cx)
    })
    .is_some()
}

#[test]
fn keys_conflict_with_themselves_only() {
    let cx = &mut *world();
    let d = filled(cx, 100);
    alone(cx, |cx| dict::split(cx, d));
    // Each gets its cell.
    alone(cx, |cx| (0..100).try_for_each(|i| dict::set_item(cx, d, int(i), int(i))));
    let set = |key| move |cx: &mut Cx| dict::set_item(cx, d, int(key), int(-key));
    let get = |key| move |cx: &mut Cx| dict::get_item(cx, d, int(key)).map(drop);
    let len = |cx: &mut Cx| dict::len(cx, d).map(drop);
    let items = |cx: &mut Cx| dict::items(cx, d).map(drop);
    let delete = |key| move |cx: &mut Cx| dict::del_item(cx, d, int(key)).map(drop);
    assert!(around(cx, set(1), set(2), set(1)), "two replacements");
    assert!(around(cx, get(1), set(2), get(1)), "a look-up beside one");
    assert!(around(cx, len, set(2), len), "the length");
    assert!(!around(cx, get(2), set(2), get(2)), "the same key");
    assert!(!around(cx, items, set(2), set(1)), "all items");
    assert!(!around(cx, get(1), set(1000), get(1)), "a new key");
    assert!(!around(cx, set(1), delete(3), get(1)), "a key deleted");
    assert!(!around(cx, get(1), delete(4), set(5)), "deleted, then a replacement");
    assert!(!around(cx, get(6), move |cx| dict::clear(cx, d), set(6)), "all keys deleted");
    assert_eq!(alone(cx, |cx| dict::len(cx, d)), 0);
}
