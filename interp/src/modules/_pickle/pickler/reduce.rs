//! Objects by what they say of themselves: a name, or how they are made and filled.

use taipan_objects::{
    Completion, Cx, Kind, N, Special, T, Value, class, protocol,
    types::{str as string, tuple},
};

use super::{
    super::{errors, opcodes as op},
    save::Save,
};

/// Parts of what `__reduce__` returns; unbound where there is none.
struct Parts {
    function: Value,
    args: Value,
    state: Value,
    items: Value,
    pairs: Value,
    setter: Value,
}

impl Save {
    /// Writes `v` as `__reduce__`, or what was asked in its place, describes it.
    pub(super) fn reduced(&mut self, cx: &mut Cx, v: Value, reduced: Value) -> Completion<()> {
        if string::exact(reduced).is_some() {
            return self.global(cx, v, Some(reduced));
        }
        self.reduce(cx, reduced, v).map_err(|e| errors::noted(cx, e, v, "object"))
    }

    /// As [`Self::reduced`], for tuples alone.
    pub(super) fn reduce(&mut self, cx: &mut Cx, reduced: Value, v: Value) -> Completion<()> {
        let parts = parts(cx, reduced)?;
        self.maker(cx, &parts, v)?;
        if let Some(n) = self.written(v) {
            // It was written while its arguments were: what is on the stack is a copy.
            self.out.op(op::POP);
            self.get(n);
            return Ok(());
        }
        self.memoize(cx, v)?;
        if parts.items.is_bound() {
            self.appended(cx, parts.items, v)?;
        }
        if parts.pairs.is_bound() {
            self.updated(cx, parts.pairs, v)?;
        }
        if parts.state.is_unbound() {
            return Ok(());
        }
        if parts.setter.is_unbound() {
            self.part(cx, parts.state, v, "state")?;
            self.out.op(op::BUILD);
            return Ok(());
        }
        self.part(cx, parts.setter, v, "state setter")?;
        self.save(cx, v)?;
        self.part(cx, parts.state, v, "state")?;
        // The setter's result is of no interest.
        self.out.put(&[op::TUPLE2, op::REDUCE, op::POP]);
        Ok(())
    }

    /// Writes something that belongs to `v`, which a note names.
    pub(super) fn part(&mut self, cx: &mut Cx, v: Value, of: Value, what: &str) -> Completion<()> {
        self.save(cx, v).map_err(|e| errors::noted(cx, e, of, what))
    }

    fn maker(&mut self, cx: &mut Cx, parts: &Parts, v: Value) -> Completion<()> {
        let args = tuple::items_of(parts.args).unwrap_or_default();
        let name = cx.name(N::name);
        let name = match self.proto {
            0 | 1 => None,
            _ => protocol::get_attr_opt(cx, parts.function, name)?.and_then(string::text),
        };
        match name {
            Some("__newobj_ex__") => self.newobj_ex(cx, args, v),
            Some("__newobj__") => self.newobj(cx, args, v),
            _ => {
                self.part(cx, parts.function, v, "reconstructor")?;
                self.part(cx, parts.args, v, "reconstructor arguments")?;
                self.out.op(op::REDUCE);
                Ok(())
            }
        }
    }

    fn newobj(&mut self, cx: &mut Cx, args: &[Value], v: Value) -> Completion<()> {
        let Some((&cls, rest)) = args.split_first() else {
            let text = "__newobj__ expected at least 1 argument, got 0";
            return Err(errors::pickling(cx, text));
        };
        expect_class(cx, cls, "__newobj__")?;
        let name = cx.name(N::class);
        let class = match protocol::get_attr_opt(cx, v, name)? {
            Some(class) => class,
            None => cx.class_of(v).into(),
        };
        if class != cls {
            let want = protocol::convert::repr_text(cx, class)?;
            let got = protocol::convert::repr_text(cx, cls)?;
            let text = format!("first argument to __newobj__() must be {want}, not {got}");
            return Err(errors::pickling(cx, &text));
        }
        self.part(cx, cls, v, "class")?;
        let rest = cx.new_tuple(rest)?;
        self.part(cx, rest, v, "__new__ arguments")?;
        self.out.op(op::NEWOBJ);
        Ok(())
    }

    fn newobj_ex(&mut self, cx: &mut Cx, given: &[Value], v: Value) -> Completion<()> {
        let &[cls, args, kwargs] = given else {
            let n = given.len();
            let text = format!("__newobj_ex__ expected 3 arguments, got {n}");
            return Err(errors::pickling(cx, &text));
        };
        expect_class(cx, cls, "__newobj_ex__")?;
        for (at, want, v, t) in
            [("second", "tuple", args, T::tuple), ("third", "dict", kwargs, T::dict)]
        {
            if !cx.is_a(v, t) {
                let got = errors::kind(cx, v);
                let text = format!("{at} argument to __newobj_ex__() must be a {want}, not {got}");
                return Err(errors::pickling(cx, &text));
            }
        }
        if self.proto >= 4 {
            self.part(cx, cls, v, "class")?;
            self.part(cx, args, v, "__new__ arguments")?;
            self.part(cx, kwargs, v, "__new__ arguments")?;
            self.out.op(op::NEWOBJ_EX);
            return Ok(());
        }
        let partial = partial(cx, cls, args, kwargs)?;
        self.part(cx, partial, v, "reconstructor")?;
        let none = cx.world.empty_tuple();
        self.part(cx, none, v, "reconstructor")?;
        self.out.op(op::REDUCE);
        Ok(())
    }
}

/// `functools.partial(cls.__new__, cls, *args, **kwargs)`.
fn partial(cx: &mut Cx, cls: Value, args: Value, kwargs: Value) -> Completion<Value> {
    let functools = cx.world.import_module(cx, "functools")?;
    let name = cx.intern("partial")?;
    let partial = protocol::get_attr(cx, functools, name)?;
    let name = cx.special_name(Special::New);
    let new = protocol::get_attr(cx, cls, name)?;
    let mut all = protocol::RootVec::from_slice(cx, &[new, cls])?;
    for &v in tuple::items_of(args).unwrap_or_default() {
        all.push(cx, v)?;
    }
    protocol::call::call_star(cx, partial, all.as_slice(), kwargs)
}

fn expect_class(cx: &mut Cx, v: Value, function: &str) -> Completion<()> {
    if v.obj().is_some_and(|o| o.kind() == Kind::Type) {
        return Ok(());
    }
    let got = errors::kind(cx, v);
    let text = format!("first argument to {function}() must be a class, not {got}");
    Err(errors::pickling(cx, &text))
}

fn parts(cx: &mut Cx, reduced: Value) -> Completion<Parts> {
    let Some(given) = tuple::items_of(reduced).filter(|_| cx.is_a(reduced, T::tuple)) else {
        let got = errors::kind(cx, reduced);
        let text = format!("__reduce__ must return a string or tuple, not {got}");
        return Err(errors::pickling(cx, &text));
    };
    if !(2..=6).contains(&given.len()) {
        let text = "tuple returned by __reduce__ must contain 2 through 6 elements";
        return Err(errors::pickling(cx, text));
    }
    let part = |i: usize| given.get(i).copied().filter(|v| !v.is_none()).unwrap_or_default();
    let parts = Parts {
        function: given[0],
        args: given[1],
        state: part(2),
        items: part(3),
        pairs: part(4),
        setter: part(5),
    };
    let is_callable = |cx: &Cx, v: Value| class::special(cx.class_of(v), Special::Call).is_bound();
    let is_iterator = |cx: &Cx, v: Value| class::special(cx.class_of(v), Special::Next).is_bound();
    let wrong = if !is_callable(cx, parts.function) {
        ("first", "callable", parts.function)
    } else if !cx.is_a(parts.args, T::tuple) {
        ("second", "a tuple", parts.args)
    } else if parts.items.is_bound() && !is_iterator(cx, parts.items) {
        ("fourth", "an iterator", parts.items)
    } else if parts.pairs.is_bound() && !is_iterator(cx, parts.pairs) {
        ("fifth", "an iterator", parts.pairs)
    } else if parts.setter.is_bound() && !is_callable(cx, parts.setter) {
        ("sixth", "callable", parts.setter)
    } else {
        return Ok(parts);
    };
    let (at, want, v) = wrong;
    let got = errors::kind(cx, v);
    let text = format!("{at} item of the tuple returned by __reduce__ must be {want}, not {got}");
    Err(errors::pickling(cx, &text))
}
