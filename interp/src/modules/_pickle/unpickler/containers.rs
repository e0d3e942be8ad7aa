//! Instructions that make tuples, lists, dicts and sets, or fill them.

use taipan_objects::{
    Completion, Cx, Kind, N, T, Value, protocol,
    types::{dict, list, set},
};

use super::{
    super::{errors, opcodes as op},
    load::Load,
};
use crate::vm::exec::constants;

impl Load {
    pub(super) fn container(&mut self, cx: &mut Cx, op: u8) -> Completion<()> {
        match op {
            op::EMPTY_LIST => {
                let v = list::new(cx)?;
                self.stack.push(cx, v.into())
            }
            op::EMPTY_DICT => {
                let v = dict::new(cx)?;
                self.stack.push(cx, v.into())
            }
            op::EMPTY_SET => {
                let v = set::new(cx)?;
                self.stack.push(cx, v.into())
            }
            op::EMPTY_TUPLE => {
                let v = cx.world.empty_tuple();
                self.stack.push(cx, v)
            }
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let at = self.stack.last(cx, (op - op::TUPLE1 + 1).into())?;
                self.collect(cx, op::TUPLE, at)
            }
            op::APPEND => {
                let at = self.stack.last(cx, 1)?;
                self.append(cx, at)
            }
            op::SETITEM => {
                let at = self.stack.last(cx, 2)?;
                self.set_items(cx, at)
            }
            _ => {
                let at = self.stack.unmark(cx)?;
                match op {
                    op::APPENDS => self.append(cx, at),
                    op::SETITEMS => self.set_items(cx, at),
                    op::ADDITEMS => self.add_items(cx, at),
                    _ => self.collect(cx, op, at),
                }
            }
        }
    }

    /// Replaces the values from place `at` on by what they are the items of.
    fn collect(&mut self, cx: &mut Cx, op: u8, at: usize) -> Completion<()> {
        self.stack.last(cx, self.stack.from(at).len())?;
        let items = self.stack.from(at);
        let v = match op {
            op::TUPLE => cx.new_tuple(items)?,
            op::LIST => list::from_slice(cx, items)?.into(),
            op::FROZENSET => constants::frozen_set(cx, items)?,
            _ => {
                if !items.len().is_multiple_of(2) {
                    return Err(errors::unpickling(cx, "odd number of items for DICT"));
                }
                let made = dict::new(cx)?;
                for pair in items.chunks_exact(2) {
                    dict::set_item(cx, made, pair[0], pair[1])?;
                }
                made.into()
            }
        };
        self.stack.drop_from(at);
        self.stack.push(cx, v)
    }

    fn append(&mut self, cx: &mut Cx, at: usize) -> Completion<()> {
        let target = self.stack.below(cx, at)?;
        let items = self.stack.from(at);
        if items.is_empty() {
            return Ok(());
        }
        if let Some(o) = target.obj().filter(|o| o.class() == cx.class(T::list)) {
            list::extend_slice(cx, o, items)?;
            self.stack.drop_from(at);
            return Ok(());
        }
        let name = cx.intern("extend")?;
        if let Some(extend) = protocol::get_attr_opt(cx, target, name)? {
            let items = list::from_slice(cx, items)?;
            self.stack.drop_from(at);
            return protocol::call(cx, extend, &[items.into()]).map(drop);
        }
        // For classes made before lists had to have both.
        let name = cx.name(N::append);
        let append = protocol::get_attr(cx, target, name)?;
        self.each(cx, append, at)
    }

    /// Calls `f` with each of the values from place `at` on.
    fn each(&mut self, cx: &mut Cx, f: Value, at: usize) -> Completion<()> {
        for &item in self.stack.from(at) {
            protocol::call(cx, f, &[item])?;
        }
        self.stack.drop_from(at);
        Ok(())
    }

    fn set_items(&mut self, cx: &mut Cx, at: usize) -> Completion<()> {
        let target = self.stack.below(cx, at)?;
        let items = self.stack.from(at);
        if !items.len().is_multiple_of(2) {
            return Err(errors::unpickling(cx, "odd number of items for SETITEMS"));
        }
        match dict::plain(cx, target) {
            Some(d) => {
                for pair in items.chunks_exact(2) {
                    dict::set_item(cx, d, pair[0], pair[1])?;
                }
            }
            None => {
                for pair in items.chunks_exact(2) {
                    protocol::set_item(cx, target, pair[0], pair[1])?;
                }
            }
        }
        self.stack.drop_from(at);
        Ok(())
    }

    fn add_items(&mut self, cx: &mut Cx, at: usize) -> Completion<()> {
        let target = self.stack.below(cx, at)?;
        let items = self.stack.from(at);
        if items.is_empty() {
            return Ok(());
        }
        if let Some(o) = target.obj().filter(|o| o.kind() == Kind::Set) {
            for &item in items {
                set::add(cx, o, item)?;
            }
            self.stack.drop_from(at);
            return Ok(());
        }
        let name = cx.name(N::add);
        let add = protocol::get_attr(cx, target, name)?;
        self.each(cx, add, at)
    }
}
