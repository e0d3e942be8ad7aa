//! `math`: sums, products and distances over iterables. They read containers through the
//! iteration protocol, so they conflict with whoever changes those.

use taipan_objects::{
    Args, Completion, Cx, Value,
    num::mathfns::{
        norm::norm,
        sums::{ExactSum, TripleSum},
    },
    protocol::{self, BinaryOp, collect, for_each},
    raise,
    types::{
        T, int_ops,
        number::{OrRaise, big_of, to_f64},
    },
};

/// `math.fsum(seq)`
pub(super) fn fsum(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut sum = ExactSum::default();
    for_each(cx, args.get(0), |cx, v| {
        let x = to_f64(cx, v)?;
        sum.add(x).or_raise(cx)
    })?;
    sum.finish().or_raise(cx).map(Value::float)
}

fn is_int(cx: &Cx, v: Value) -> bool {
    v.is_small() || cx.class_of(v) == cx.class(T::int)
}

/// `a * b`, quickly for two ints or two floats.
fn multiply(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    if is_int(cx, a) && is_int(cx, b) {
        return int_ops::mul(cx, a, b);
    }
    match (a.float_value(), b.float_value()) {
        (Some(a), Some(b)) => Ok(Value::float(a * b)),
        _ => protocol::binary(cx, BinaryOp::Mul, a, b),
    }
}

/// `math.prod(iterable, start=1)`
pub(super) fn prod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut result = args.get(1);
    for_each(cx, args.get(0), |cx, v| {
        result = multiply(cx, result, v)?;
        Ok(())
    })?;
    Ok(result)
}

fn floats(cx: &mut Cx, values: &[Value]) -> Completion<Vec<f64>> {
    values.iter().map(|&v| to_f64(cx, v)).collect()
}

/// `math.hypot(*coordinates)`
pub(super) fn hypot(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let coordinates = floats(cx, args.rest(0))?;
    Ok(Value::float(norm(&coordinates)))
}

/// `math.dist(p, q)`
pub(super) fn dist(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = collect(cx, args.get(0))?;
    let q = collect(cx, args.get(1))?;
    if p.len() != q.len() {
        return raise!(cx, ValueError, "both points must have the same number of dimensions");
    }
    let p = floats(cx, p.as_slice())?;
    let q = floats(cx, q.as_slice())?;
    let differences: Vec<f64> = p.iter().zip(&q).map(|(p, q)| p - q).collect();
    Ok(Value::float(norm(&differences)))
}

/// The sums that `sumprod` keeps apart as long as the items allow.
struct SumProd {
    total: Value,
    ints: Option<Value>,
    floats: Option<TripleSum>,
    ints_over: bool,
    floats_over: bool,
}

impl SumProd {
    fn add(&mut self, cx: &mut Cx, p: Value, q: Value) -> Completion<()> {
        if !self.ints_over {
            if is_int(cx, p) && is_int(cx, q) {
                let product = int_ops::mul(cx, p, q)?;
                let sum = self.ints.unwrap_or(Value::small(0));
                self.ints = Some(int_ops::add(cx, sum, product)?);
                return Ok(());
            }
            self.ints_over = true;
            self.flush_ints(cx)?;
        }
        if !self.floats_over {
            if let Some((p, q)) = float_pair(cx, p, q)? {
                let mut sum = self.floats.unwrap_or_default();
                sum.add_product(p, q);
                if sum.value().is_finite() {
                    self.floats = Some(sum);
                    return Ok(());
                }
            }
            self.floats_over = true;
            self.flush_floats(cx)?;
        }
        let product = protocol::binary(cx, BinaryOp::Mul, p, q)?;
        self.total = protocol::binary(cx, BinaryOp::Add, self.total, product)?;
        Ok(())
    }

    fn flush_ints(&mut self, cx: &mut Cx) -> Completion<()> {
        if let Some(sum) = self.ints.take() {
            self.total = protocol::binary(cx, BinaryOp::Add, self.total, sum)?;
        }
        Ok(())
    }

    fn flush_floats(&mut self, cx: &mut Cx) -> Completion<()> {
        if let Some(sum) = self.floats.take() {
            let sum = Value::float(sum.value());
            self.total = protocol::binary(cx, BinaryOp::Add, self.total, sum)?;
        }
        Ok(())
    }
}

/// Two floats, or a float and an int or bool that fits one.
fn float_pair(cx: &mut Cx, p: Value, q: Value) -> Completion<Option<(f64, f64)>> {
    if !p.is_float() && !q.is_float() {
        return Ok(None);
    }
    let as_float = |v: Value| match v.float_value() {
        Some(f) => Some(f),
        None if v.is_bool() => Some(f64::from(u8::from(v == Value::TRUE))),
        None if is_int(cx, v) => big_of(v).to_f64_checked(),
        None => None,
    };
    Ok(as_float(p).zip(as_float(q)))
}

/// `math.sumprod(p, q)`
pub(super) fn sumprod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = protocol::iter(cx, args.get(0))?;
    let q = protocol::iter(cx, args.get(1))?;
    let mut sums = SumProd {
        total: Value::small(0),
        ints: None,
        floats: None,
        ints_over: false,
        floats_over: false,
    };
    loop {
        let (a, b) = (protocol::next(cx, p)?, protocol::next(cx, q)?);
        match (a, b) {
            (Some(a), Some(b)) => sums.add(cx, a, b)?,
            (None, None) => break,
            _ => return raise!(cx, ValueError, "Inputs are not the same length"),
        }
    }
    sums.flush_ints(cx)?;
    sums.flush_floats(cx)?;
    Ok(sums.total)
}
