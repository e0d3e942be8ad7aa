//! Instructions that make objects by calls, and give them their state.

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, Special, T, Value,
    class::{self, flag},
    protocol::{self, attr},
    raise,
    types::{descr, dict, str as string, tuple},
};

use super::{
    super::{errors, opcodes as op},
    load::Load,
};

impl Load {
    pub(super) fn object(&mut self, cx: &mut Cx, op: u8) -> Completion<()> {
        let v = match op {
            op::BUILD => return self.build(cx),
            op::REDUCE => self.reduce(cx)?,
            op::NEWOBJ => self.newobj(cx, "NEWOBJ", None)?,
            op::NEWOBJ_EX => {
                let kwargs = self.stack.pop(cx)?;
                self.newobj(cx, "NEWOBJ_EX", Some(kwargs))?
            }
            op::PERSID | op::BINPERSID => self.persistent(cx, op)?,
            op::INST | op::OBJ => self.instance(cx, op)?,
            _ => self.global(cx, op)?,
        };
        self.stack.push(cx, v)
    }

    fn reduce(&mut self, cx: &mut Cx) -> Completion<Value> {
        let args = self.stack.pop(cx)?;
        let f = self.stack.pop(cx)?;
        match tuple::items_of(args) {
            Some(args) => protocol::call(cx, f, args),
            None => raise!(cx, TypeError, "argument list must be a tuple"),
        }
    }

    /// `class.__new__(class, *args, **kwargs)`.
    fn newobj(&mut self, cx: &mut Cx, op: &str, kwargs: Option<Value>) -> Completion<Value> {
        let args = self.stack.pop(cx)?;
        let cls = self.stack.pop(cx)?;
        let Some(class) = cls.obj().filter(|o| o.kind() == Kind::Type) else {
            let got = cx.type_name(cls);
            let text = format!("{op} class argument must be a type, not {got}");
            return Err(errors::unpickling(cx, &text));
        };
        let new = class::special(class, Special::New);
        if new.is_unbound() {
            let name = cx.type_name(cls);
            let text = format!("{op} class argument '{name}' doesn't have __new__");
            return Err(errors::unpickling(cx, &text));
        }
        let Some(items) = tuple::items_of(args) else {
            let got = cx.type_name(args);
            let text = format!("{op} args argument must be a tuple, not {got}");
            return Err(errors::unpickling(cx, &text));
        };
        if let Some(kwargs) = kwargs.filter(|k| !cx.is_a(*k, T::dict)) {
            let got = cx.type_name(kwargs);
            let text = format!("{op} kwargs argument must be a dict, not {got}");
            return Err(errors::unpickling(cx, &text));
        }
        let new = descr::bind_to_class(cx, new, class)?;
        let mut all = protocol::RootVec::from_slice(cx, &[cls])?;
        for &v in items {
            all.push(cx, v)?;
        }
        protocol::call::call_star(cx, new, all.as_slice(), kwargs.unwrap_or_default())
    }

    fn persistent(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let id = if op == op::BINPERSID {
            self.stack.pop(cx)?
        } else {
            let line = self.input.line(cx)?;
            if !line.is_ascii() {
                let text = "persistent IDs in protocol 0 must be ASCII strings";
                return Err(errors::unpickling(cx, text));
            }
            string::new_ascii(cx, line)?
        };
        if self.persistent_load.is_bound() {
            return protocol::call(cx, self.persistent_load, &[id]);
        }
        Err(errors::no_persistent_load(cx))
    }

    /// An instance as Python 2 described it: a class and arguments since the last mark.
    fn instance(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let at = self.stack.unmark(cx)?;
        let (class, first) = if op == op::INST {
            (self.ascii_global(cx)?, at)
        } else {
            self.stack.last(cx, 1)?;
            match self.stack.from(at).first() {
                Some(class) => (*class, at + 1),
                None => return Err(errors::unpickling(cx, "unpickling stack underflow")),
            }
        };
        self.stack.last(cx, self.stack.from(first).len())?;
        let args = cx.new_tuple(self.stack.from(first))?;
        self.stack.drop_from(at);
        let items = tuple::items_of(args).unwrap_or_default();
        if items.is_empty() && class.obj().is_some_and(|o| o.kind() == Kind::Type) {
            let name = cx.intern("__getinitargs__")?;
            if protocol::get_attr_opt(cx, class, name)?.is_none() {
                let name = cx.special_name(Special::New);
                let new = protocol::get_attr(cx, class, name)?;
                return protocol::call(cx, new, &[class]);
            }
        }
        protocol::call(cx, class, items)
    }

    fn build(&mut self, cx: &mut Cx) -> Completion<()> {
        self.stack.last(cx, 2)?;
        let state = self.stack.pop(cx)?;
        let v = self.stack.top(cx)?;
        let name = cx.name(N::setstate);
        if let Some(setstate) = protocol::get_attr_opt(cx, v, name)? {
            return protocol::call(cx, setstate, &[state]).map(drop);
        }
        let (state, slots) = match tuple::items_of(state) {
            Some(&[state, slots]) => (state, Some(slots)),
            _ => (state, None),
        };
        if !state.is_none() {
            let Some(d) = dict::exact_kind(state) else {
                return Err(errors::unpickling(cx, "state is not a dictionary"));
            };
            set_attributes(cx, v, d)?;
        }
        let Some(slots) = slots else { return Ok(()) };
        let Some(d) = dict::exact_kind(slots) else {
            return Err(errors::unpickling(cx, "slot state is not a dictionary"));
        };
        for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
            let name = attr::name_arg(cx, pair[0])?;
            attr::set_attr(cx, v, name, pair[1])?;
        }
        Ok(())
    }
}

/// `v.__dict__.update(state)`, with interned names.
fn set_attributes(cx: &mut Cx, v: Value, state: Obj) -> Completion<()> {
    let items = dict::items(cx, state)?;
    let pairs = items.as_slice();
    if let Some(o) = plain(cx, v, pairs) {
        for pair in pairs.chunks_exact(2) {
            let name = string::interned(cx, pair[0])?;
            attr::set_own(cx, o, name, pair[1])?;
        }
        return Ok(());
    }
    let name = cx.name(N::dict);
    let target = protocol::get_attr(cx, v, name)?;
    for pair in pairs.chunks_exact(2) {
        let key = match pair[0].obj() {
            Some(o) if o.kind() == Kind::Str => string::interned(cx, pair[0])?,
            _ => pair[0],
        };
        protocol::set_item(cx, target, key, pair[1])?;
    }
    Ok(())
}

/// The object whose attributes can be set without making a `__dict__` for it.
fn plain(cx: &mut Cx, v: Value, pairs: &[Value]) -> Option<Obj> {
    let o = v.obj().filter(|o| o.kind() == Kind::Instance)?;
    let class = o.class();
    if !class::has_flag(class, flag::PLAIN_GETATTR) || o.shape().overflow().is_none() {
        return None;
    }
    let name = cx.name(N::dict);
    let attribute = cx.lookup(class, name).obj()?;
    let texts = |key: &Value| key.obj().is_some_and(|k| k.kind() == Kind::Str);
    let is_plain =
        attribute.class() == cx.class(T::getset_descriptor) && pairs.iter().step_by(2).all(texts);
    is_plain.then_some(o)
}
