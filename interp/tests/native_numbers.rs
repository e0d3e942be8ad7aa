//! The native modules about numbers and iteration, called without a compiler in between.

use taipan::modules::{self, ModuleDef, itertools, math, operator, random};
use taipan_objects::{
    Completion, Cx, Obj, Settings, T, Value, World,
    protocol::{self, convert::repr_text},
};

fn world() -> Box<Cx> {
    World::create(Settings::default()).expect("memory")
}

struct Module(Obj);

impl Module {
    fn new(cx: &mut Cx, def: &'static ModuleDef) -> Self {
        Self(modules::make(cx, def).expect("module"))
    }

    fn call(&self, cx: &mut Cx, name: &str, args: &[Value]) -> Completion<Value> {
        let name = cx.intern(name).expect("memory");
        let d = modules::namespace(self.0).expect("namespace");
        let f = taipan_objects::types::dict::get_item(cx, d, name)?;
        assert!(f.is_bound(), "{name:?} is missing");
        protocol::call(cx, f, args)
    }
}

fn shown(cx: &mut Cx, result: Completion<Value>) -> String {
    match result {
        Ok(v) => repr_text(cx, v).expect("repr"),
        Err(escape) => {
            let exc = escape.exception().expect("an exception");
            protocol::convert::str_text(cx, exc.into()).expect("str")
        }
    }
}

fn ints(cx: &mut Cx, values: &[i64]) -> Value {
    let values: Vec<Value> = values.iter().map(|&i| Value::small(i)).collect();
    cx.new_tuple(&values).expect("memory")
}

/// All results of an iterator over ints or tuples of ints.
fn drain(cx: &mut Cx, it: Completion<Value>) -> Vec<Vec<i64>> {
    let it = it.expect("iterator");
    let all = protocol::collect(cx, it).expect("items");
    let numbers = |v: &Value| match v.small_int() {
        Some(i) => vec![i],
        None => v.obj().expect("tuple").items().iter().map(|v| v.as_small()).collect(),
    };
    all.as_slice().iter().map(numbers).collect()
}

#[test]
fn math_functions_and_their_errors() {
    let cx = &mut *world();
    let m = Module::new(cx, &math::MODULE);
    let f = Value::float;
    let i = Value::small;
    let big = taipan_objects::types::number::new_i128(cx, 10_i128.pow(30)).expect("memory");
    let pair = ints(cx, &[3, 4]);
    let origin = ints(cx, &[0, 0]);
    for (name, args, want) in [
        ("sqrt", vec![i(2)], "1.4142135623730951"),
        ("sqrt", vec![i(-1)], "expected a nonnegative input, got -1.0"),
        ("log", vec![i(8), i(2)], "3.0"),
        ("log", vec![i(0)], "expected a positive input"),
        ("log10", vec![big], "30.0"),
        ("floor", vec![f(-2.5)], "-3"),
        ("ceil", vec![f(1e20)], "100000000000000000000"),
        ("gcd", vec![i(12), i(-18), i(27)], "3"),
        ("lcm", vec![i(4), i(6)], "12"),
        ("comb", vec![i(40), i(20)], "137846528820"),
        ("perm", vec![i(5)], "120"),
        ("isqrt", vec![big], "1000000000000000"),
        ("factorial", vec![i(20)], "2432902008176640000"),
        ("hypot", vec![i(3), i(4)], "5.0"),
        ("dist", vec![pair, origin], "5.0"),
        ("fsum", vec![pair], "7.0"),
        ("prod", vec![pair], "12"),
        ("sumprod", vec![pair, pair], "25"),
        ("isclose", vec![f(1.0), f(1.0 + 1e-10)], "True"),
        ("nextafter", vec![f(1.0), f(2.0)], "1.0000000000000002"),
        ("pow", vec![i(2), f(0.5)], "1.4142135623730951"),
        ("ldexp", vec![f(0.5), i(3)], "4.0"),
        ("gamma", vec![i(0)], "expected a noninteger or positive integer, got 0.0"),
        ("exp", vec![i(1000)], "math range error"),
    ] {
        let got = m.call(cx, name, &args);
        assert_eq!(shown(cx, got), want, "{name}");
    }
}

#[test]
fn itertools_give_what_they_should() {
    let cx = &mut *world();
    let m = Module::new(cx, &itertools::MODULE);
    let abc = ints(cx, &[1, 2, 3]);
    let de = ints(cx, &[4, 5]);
    let i = Value::small;
    let flat = |values: &[i64]| values.iter().map(|&i| vec![i]).collect::<Vec<_>>();

    let it = m.call(cx, "chain", &[abc, de]);
    assert_eq!(drain(cx, it), flat(&[1, 2, 3, 4, 5]));
    let it = m.call(cx, "accumulate", &[abc]);
    assert_eq!(drain(cx, it), flat(&[1, 3, 6]));
    let counter = m.call(cx, "count", &[i(10), i(5)]).expect("count");
    let it = m.call(cx, "islice", &[counter, i(1), i(8), i(3)]);
    assert_eq!(drain(cx, it), flat(&[15, 30, 45]));
    let it = m.call(cx, "islice", &[counter, i(1)]);
    assert_eq!(drain(cx, it), flat(&[50]), "no more was consumed than asked for");
    let turning = m.call(cx, "cycle", &[de]).expect("cycle");
    let it = m.call(cx, "islice", &[turning, i(5)]);
    assert_eq!(drain(cx, it), flat(&[4, 5, 4, 5, 4]));
    let it = m.call(cx, "repeat", &[i(7), i(2)]);
    assert_eq!(drain(cx, it), flat(&[7, 7]));
    let it = m.call(cx, "pairwise", &[abc]);
    assert_eq!(drain(cx, it), [[1, 2], [2, 3]]);
    let it = m.call(cx, "batched", &[abc, i(2)]);
    assert_eq!(drain(cx, it), [vec![1, 2], vec![3]]);
    let selectors = ints(cx, &[1, 0, 1]);
    let it = m.call(cx, "compress", &[abc, selectors]);
    assert_eq!(drain(cx, it), flat(&[1, 3]));
    let mixed = ints(cx, &[0, 1, 0]);
    let it = m.call(cx, "filterfalse", &[Value::NONE, mixed]);
    assert_eq!(drain(cx, it), flat(&[0, 0]));
    let it = m.call(cx, "product", &[de, abc]);
    assert_eq!(drain(cx, it), [[4, 1], [4, 2], [4, 3], [5, 1], [5, 2], [5, 3]]);
    let it = m.call(cx, "permutations", &[abc, i(2)]);
    assert_eq!(drain(cx, it), [[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]]);
    let it = m.call(cx, "combinations", &[abc, i(2)]);
    assert_eq!(drain(cx, it), [[1, 2], [1, 3], [2, 3]]);
    let it = m.call(cx, "combinations_with_replacement", &[de, i(2)]);
    assert_eq!(drain(cx, it), [[4, 4], [4, 5], [5, 5]]);
    let it = m.call(cx, "combinations", &[de, i(3)]);
    assert!(drain(cx, it).is_empty());
    let it = m.call(cx, "product", &[]);
    assert_eq!(drain(cx, it), [[]; 1]);
    let error = m.call(cx, "combinations", &[de, i(-1)]);
    assert_eq!(shown(cx, error), "r must be non-negative");
}

#[test]
fn groups_and_tees_share_one_source() {
    let cx = &mut *world();
    let m = Module::new(cx, &itertools::MODULE);
    let source = ints(cx, &[1, 1, 2, 3, 3]);
    let groups = m.call(cx, "groupby", &[source]).expect("groupby");
    let mut found = Vec::new();
    while let Some(pair) = protocol::next(cx, groups).expect("group") {
        let items = pair.obj().expect("tuple").items();
        let group = protocol::collect(cx, items[1]).expect("items");
        found.push((items[0].as_small(), group.len()));
    }
    assert_eq!(found, [(1, 2), (2, 1), (3, 2)]);

    let pair = m.call(cx, "tee", &[source]).expect("tee");
    let [a, b] = *pair.obj().expect("tuple").items() else { panic!("two tees") };
    assert_eq!(protocol::next(cx, a), Ok(Some(Value::small(1))));
    assert_eq!(drain(cx, Ok(b)).len(), 5);
    assert_eq!(drain(cx, Ok(a)).len(), 4);
}

#[test]
fn operators_as_functions() {
    let cx = &mut *world();
    let m = Module::new(cx, &operator::MODULE);
    let i = Value::small;
    assert_eq!(m.call(cx, "add", &[i(2), i(3)]), Ok(i(5)));
    assert_eq!(m.call(cx, "lt", &[i(2), i(3)]), Ok(Value::TRUE));
    assert_eq!(m.call(cx, "not_", &[i(0)]), Ok(Value::TRUE));
    let real = cx.new_str("real").expect("memory");
    let getter = m.call(cx, "attrgetter", &[real]).expect("getter");
    assert_eq!(protocol::call(cx, getter, &[i(4)]), Ok(i(4)));
}

#[test]
fn random_numbers_are_cpythons() {
    let cx = &mut *world();
    let m = Module::new(cx, &random::MODULE);
    let rng = m.call(cx, "Random", &[Value::small(42)]).expect("Random");
    let method = |cx: &mut Cx, name: &str, args: &[Value]| {
        let name = cx.intern(name).expect("memory");
        protocol::call_method(cx, rng, name, args)
    };
    assert_eq!(method(cx, "random", &[]), Ok(Value::float(0.6394267984578837)));
    assert_eq!(method(cx, "random", &[]), Ok(Value::float(0.025010755222666936)));
    let state = method(cx, "getstate", &[]).expect("state");
    assert_eq!(method(cx, "getrandbits", &[Value::small(5)]), Ok(Value::small(8)));
    assert_eq!(method(cx, "getrandbits", &[Value::small(40)]), Ok(Value::small(245864938384)));
    assert_eq!(method(cx, "setstate", &[state]), Ok(Value::NONE));
    assert_eq!(method(cx, "getrandbits", &[Value::small(5)]), Ok(Value::small(8)));
    let int = cx.class(T::int);
    assert_eq!(cx.class_of(Value::small(1)), int);
}
