//! Dicts without Python code: order, growth, deletion, namespaces.

use crate::{
    cx::Cx,
    types::dict,
    value::Value,
    world::{Settings, World},
};

fn world() -> Box<Cx> {
    World::create(Settings { stack_words: 1 << 12, ..Settings::default() }).expect("memory")
}

fn int(i: i64) -> Value {
    Value::small(i)
}

fn pairs(cx: &mut Cx, d: crate::heap::Obj) -> Vec<(i64, i64)> {
    let items = dict::items(cx, d).expect("items");
    items.as_slice().chunks_exact(2).map(|p| (p[0].as_small(), p[1].as_small())).collect()
}

#[test]
fn order_of_insertion_survives_growth_and_deletion() {
    let cx = &mut *world();
    let d = dict::new(cx).expect("dict");
    for i in 0..1000 {
        dict::set_item(cx, d, int(i * 64), int(i)).expect("set");
    }
    for i in (0..1000).filter(|i| i % 3 == 0) {
        assert!(dict::del_item(cx, d, int(i * 64)).expect("del"));
    }
    dict::set_item(cx, d, int(0), int(-7)).expect("set");
    let mut expected: Vec<_> = (0..1000).filter(|i| i % 3 != 0).map(|i| (i * 64, i)).collect();
    expected.push((0, -7));
    assert_eq!(pairs(cx, d), expected);
    assert_eq!(dict::len(cx, d).expect("len"), expected.len());
    assert_eq!(dict::get_item(cx, d, int(64)), Ok(int(1)));
    assert_eq!(dict::get_item(cx, d, int(3 * 64)), Ok(Value::UNBOUND));
}

#[test]
fn equal_numbers_and_strings_are_one_key() {
    let cx = &mut *world();
    let d = dict::new(cx).expect("dict");
    dict::set_item(cx, d, Value::TRUE, int(1)).expect("set");
    dict::set_item(cx, d, int(1), int(2)).expect("set");
    dict::set_item(cx, d, Value::float(-0.0), int(3)).expect("set");
    dict::set_item(cx, d, Value::float(0.0), int(4)).expect("set");
    assert_eq!(dict::len(cx, d), Ok(2));
    let (a, b) = (cx.new_str("key").expect("str"), cx.new_str("key").expect("str"));
    let c = cx.intern("key").expect("str");
    dict::set_item(cx, d, a, int(5)).expect("set");
    assert_eq!(dict::get_item(cx, d, b), Ok(int(5)));
    assert_eq!(dict::get_item_name(cx, d, c), Ok(int(5)));
    let (s, t) = (
        cx.new_tuple(&[a, int(1)]).expect("tuple"),
        cx.new_tuple(&[b, Value::TRUE]).expect("tuple"),
    );
    dict::set_item(cx, d, s, int(6)).expect("set");
    assert_eq!(dict::get_item(cx, d, t), Ok(int(6)));
    assert_eq!(dict::get_item(cx, d, int(-1)), Ok(Value::UNBOUND));
    dict::set_item(cx, d, int(-2), int(7)).expect("set");
    assert_eq!(dict::get_item(cx, d, int(-1)), Ok(Value::UNBOUND));
}

#[test]
fn taking_from_both_ends_keeps_the_table_usable() {
    let cx = &mut *world();
    let d = dict::new(cx).expect("dict");
    for round in 0..500 {
        for i in 0..7 {
            dict::set_item(cx, d, int(round * 10 + i), int(i)).expect("set");
        }
        assert_eq!(dict::pop_last(cx, d), Ok(Some((int(round * 10 + 6), int(6)))));
        for i in 0..3 {
            assert_eq!(dict::pop_first(cx, d), Ok(Some((int(round * 10 + i), int(i)))));
        }
        for i in (3..6).rev() {
            assert_eq!(dict::pop_last(cx, d), Ok(Some((int(round * 10 + i), int(i)))));
        }
        assert_eq!(dict::len(cx, d), Ok(0));
        assert_eq!(dict::pop_first(cx, d), Ok(None));
    }
}

#[test]
fn cells_of_a_namespace_follow_their_name() {
    let cx = &mut *world();
    let d = dict::new(cx).expect("dict");
    let (x, y) = (cx.intern("x").expect("str"), cx.intern("y").expect("str"));
    dict::set_item(cx, d, x, int(1)).expect("set");
    let cell_x = dict::namespace_cell(cx, d, x, false).expect("cell").expect("there");
    assert_eq!(dict::namespace_cell(cx, d, y, false), Ok(None));
    let cell_y = dict::namespace_cell(cx, d, y, true).expect("cell").expect("made");
    assert_eq!((cell_x.raw(2), cell_y.raw(2)), (int(1), Value::UNBOUND));
    assert_eq!(dict::len(cx, d), Ok(1));
    assert_eq!(dict::get_item(cx, d, y), Ok(Value::UNBOUND));
    for i in 0..100 {
        dict::set_item(cx, d, int(i), int(i)).expect("set");
    }
    dict::set_item(cx, d, y, int(2)).expect("set");
    assert_eq!((dict::len(cx, d), cell_y.raw(2)), (Ok(102), int(2)));
    assert!(dict::del_item(cx, d, x).expect("del"));
    assert!(!dict::del_item(cx, d, x).expect("del"));
    assert_eq!((dict::len(cx, d), cell_x.raw(2)), (Ok(101), Value::UNBOUND));
    dict::set_item(cx, d, x, int(3)).expect("set");
    assert_eq!(cell_x.raw(2), int(3));
    assert_eq!(dict::namespace_cell(cx, d, x, true), Ok(Some(cell_x)));
    let keys = dict::keys(cx, d).expect("keys");
    assert_eq!((keys.len(), keys.get(101)), (102, x));
    dict::clear(cx, d).expect("clear");
    assert_eq!((dict::len(cx, d), cell_x.raw(2)), (Ok(0), Value::UNBOUND));
    dict::set_item(cx, d, x, cell_y.into()).expect("set");
    assert_eq!(dict::get_item(cx, d, x), Ok(cell_y.into()));
}

#[test]
#[ignore = "a measurement, run by hand"]
fn speed_of_get_and_set() {
    let cx = &mut *world();
    let d = dict::new(cx).expect("dict");
    let names: Vec<Value> = (0..64).map(|i| cx.intern(&format!("name{i}")).expect("str")).collect();
    for &n in &names {
        dict::set_item(cx, d, n, int(0)).expect("set");
    }
    let start = std::time::Instant::now();
    for i in 0..10_000_000_usize {
        let n = names[i & 63];
        let v = dict::get_item(cx, d, n).expect("get");
        dict::set_item(cx, d, n, int(v.as_small() + 1)).expect("set");
    }
    println!("get+set by name: {:?} per 10M", start.elapsed());
    let start = std::time::Instant::now();
    let e = dict::new(cx).expect("dict");
    for i in 0..10_000_000 {
        let k = int(i & 1023);
        let v = dict::get_item(cx, e, k).expect("get").bound().unwrap_or(int(0));
        dict::set_item(cx, e, k, int(v.as_small() + 1)).expect("set");
    }
    println!("get+set by int: {:?} per 10M", start.elapsed());
}
