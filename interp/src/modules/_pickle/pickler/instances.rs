//! Plain instances of Python classes, written as `object.__reduce_ex__` would describe them, without asking.

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, T, Value,
    class::{self, flag},
    name_map,
    protocol::attr::{self, Own},
    types::{class_names, dict},
};

use super::{
    super::{errors, opcodes as op},
    save::Save,
};

impl Save {
    /// Writes `v` if it is a plain instance; false if it has to be asked.
    pub(super) fn instance(&mut self, cx: &mut Cx, v: Value, class: Obj) -> Completion<bool> {
        let Some(o) = v.obj().filter(|o| o.kind() == Kind::Instance) else { return Ok(false) };
        // These would see the tuple and the dict that are not made here, or the dict as a container.
        if self.proto < 2 || self.fast || self.persistent_id.is_bound() {
            return Ok(false);
        }
        if !self.is_plain(cx, class) {
            return Ok(false);
        }
        let name = cx.name(N::reduce_ex);
        if attr::own_attribute(cx, v, name)?.is_bound() {
            return Ok(false);
        }
        self.plain_instance(cx, o, class).map_err(|e| errors::noted(cx, e, v, "object"))?;
        Ok(true)
    }

    fn plain_instance(&mut self, cx: &mut Cx, o: Obj, class: Obj) -> Completion<()> {
        // Before anything is written that could change it.
        let own = attr::own_attributes(cx, o)?;
        self.part(cx, class.into(), o.into(), "class")?;
        self.out.boundary(cx)?;
        self.out.op(op::EMPTY_TUPLE);
        self.out.op(op::NEWOBJ);
        if let Some(n) = self.written(o.into()) {
            self.out.op(op::POP);
            self.get(n);
            return Ok(());
        }
        self.memoize(cx, o.into())?;
        match own {
            Own::Dict(d) if dict::len(cx, d)? > 0 => self.part(cx, d.into(), o.into(), "state")?,
            Own::Pairs(pairs) if !pairs.is_empty() => self
                .attributes(cx, pairs.as_slice())
                .map_err(|e| errors::noted(cx, e, o.into(), "state"))?,
            _ => return Ok(()),
        }
        self.out.op(op::BUILD);
        Ok(())
    }

    /// Writes a dict that is nowhere else: name, value, name, value, ...
    fn attributes(&mut self, cx: &mut Cx, pairs: &[Value]) -> Completion<()> {
        self.out.boundary(cx)?;
        self.empty_dict();
        self.memoize_passing(cx)?;
        if pairs.len() > 2 {
            self.out.op(op::MARK);
        }
        for pair in pairs.chunks_exact(2) {
            self.save(cx, pair[0])?;
            self.save(cx, pair[1]).map_err(|e| errors::noted_item(cx, e, "dict", pair[0]))?;
        }
        self.out.op(if pairs.len() > 2 { op::SETITEMS } else { op::SETITEM });
        Ok(())
    }

    /// Whether instances of `class` hold their attributes and nothing else, and leave all hooks as `object` has them.
    fn is_plain(&mut self, cx: &mut Cx, class: Obj) -> bool {
        let epoch = cx.world.type_epoch();
        match self.plain_class {
            Some((known, at, is)) if known == class && at == epoch => is,
            _ => {
                let is = is_plain(cx, class);
                self.plain_class = Some((class, epoch, is));
                is
            }
        }
    }
}

fn is_plain(cx: &mut Cx, class: Obj) -> bool {
    if !class::has_flag(class, flag::HEAP)
        || !class::has_flag(class, flag::PLAIN_GETATTR)
        || class::has_flag(class, flag::PAYLOAD)
    {
        return false;
    }
    let object = cx.class(T::object);
    for hook in [N::reduce_ex, N::reduce, N::getstate, N::class] {
        let name = cx.name(hook);
        if cx.lookup(class, name) != class::own(object, name) {
            return false;
        }
    }
    for hook in [N::getnewargs_ex, N::getnewargs] {
        let name = cx.name(hook);
        if cx.lookup(class, name).is_bound() {
            return false;
        }
    }
    let member = cx.class(T::member_descriptor);
    let bases = class::mro(class).iter().filter_map(|c| c.obj()).filter(|c| *c != object);
    bases.into_iter().all(|c| {
        let slots = |names: Obj| {
            name_map::entries(names)
                .into_iter()
                .any(|(_, v)| v.obj().is_some_and(|d| d.class() == member))
        };
        class::has_flag(c, flag::HEAP) && !class_names(c).is_some_and(slots)
    })
}
