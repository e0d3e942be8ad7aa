//! Lists, tuples, dicts and sets, and what comes from iterators in batches.

use taipan_objects::{
    Completion, Cx, N, Obj, T, Value, protocol, raise,
    types::{dict, list, set, tuple},
};

use super::{
    super::{
        errors,
        opcodes::{self as op, BATCH},
    },
    save::Save,
};

impl Save {
    /// Writes item `i` of `of`.
    fn item(&mut self, cx: &mut Cx, item: Value, of: Value, i: usize) -> Completion<()> {
        self.save(cx, item).map_err(|e| errors::noted(cx, e, of, &format!("item {i}")))
    }

    fn entry(&mut self, cx: &mut Cx, key: Value, value: Value, of: Value) -> Completion<()> {
        self.save(cx, key)?;
        self.save(cx, value).map_err(|e| errors::noted_key(cx, e, of, key))
    }

    fn element(&mut self, cx: &mut Cx, item: Value, of: Obj) -> Completion<()> {
        self.save(cx, item).map_err(|e| errors::noted(cx, e, of.into(), "element"))
    }

    pub(super) fn tuple(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        let items = o.items();
        if items.is_empty() {
            if self.bin {
                self.out.op(op::EMPTY_TUPLE);
            } else {
                self.out.put(&[op::MARK, op::TUPLE]);
            }
            return Ok(());
        }
        let short = self.proto >= 2 && items.len() <= 3;
        if !short {
            self.out.op(op::MARK);
        }
        for (i, &item) in items.iter().enumerate() {
            self.item(cx, item, o.into(), i)?;
        }
        if let Some(n) = self.written(o.into()) {
            // It contains itself: what is on the stack is a copy of what was made on the way.
            match (short, self.bin) {
                (true, _) => items.iter().for_each(|_| self.out.op(op::POP)),
                (false, true) => self.out.op(op::POP_MARK),
                (false, false) => (0..=items.len()).for_each(|_| self.out.op(op::POP)),
            }
            self.get(n);
            return Ok(());
        }
        self.out.op(match (short, items.len()) {
            (true, 1) => op::TUPLE1,
            (true, 2) => op::TUPLE2,
            (true, 3) => op::TUPLE3,
            _ => op::TUPLE,
        });
        self.memoize(cx, o.into())
    }

    pub(super) fn list(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.bin {
            self.out.op(op::EMPTY_LIST);
        } else {
            self.out.put(&[op::MARK, op::LIST]);
        }
        self.memoize(cx, o.into())?;
        match list::len(cx, o)? {
            0 => Ok(()),
            _ if self.proto == 0 => {
                let items = protocol::iter(cx, o.into())?;
                self.appended(cx, items, o.into())
            }
            1 => {
                let item = list::get(cx, o, 0)?;
                self.item(cx, item, o.into(), 0)?;
                self.out.op(op::APPEND);
                Ok(())
            }
            _ => self.list_items(cx, o),
        }
    }

    /// The items, read one by one, since writing one may change the list.
    fn list_items(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        let mut i = 0;
        loop {
            self.out.op(op::MARK);
            let end = i + BATCH;
            while i < end {
                let item = list::get(cx, o, i as i64)?;
                if item.is_unbound() {
                    break;
                }
                self.item(cx, item, o.into(), i)?;
                i += 1;
            }
            self.out.op(op::APPENDS);
            if i < end || i >= list::len(cx, o)? {
                return Ok(());
            }
        }
    }

    /// What an iterator yields, to be appended to what is on the stack.
    pub(super) fn appended(&mut self, cx: &mut Cx, items: Value, of: Value) -> Completion<()> {
        let write = |save: &mut Self, cx: &mut Cx, item, i| save.item(cx, item, of, i);
        self.batches(cx, items, [op::APPEND, op::APPENDS], |_, item| Ok(item), write)
    }

    /// What an iterator yields, in batches: `check` makes of each something that `write`, which is told how many came
    /// before, writes; `ops` end a batch of one and of more.
    fn batches<I>(
        &mut self,
        cx: &mut Cx,
        iterator: Value,
        ops: [u8; 2],
        check: impl Fn(&mut Cx, Value) -> Completion<I>,
        write: impl Fn(&mut Self, &mut Cx, I, usize) -> Completion<()>,
    ) -> Completion<()> {
        let mut i = 0;
        while let Some(first) = protocol::next(cx, iterator)? {
            let mut item = check(cx, first)?;
            let start = i;
            let mut next = if self.proto == 0 { None } else { protocol::next(cx, iterator)? };
            if next.is_some() {
                self.out.op(op::MARK);
            }
            loop {
                write(self, cx, item, i)?;
                i += 1;
                let Some(following) = next else { break };
                item = check(cx, following)?;
                next = if i + 1 - start == BATCH { None } else { protocol::next(cx, iterator)? };
            }
            self.out.op(ops[usize::from(i - start > 1)]);
            if self.proto > 0 && i - start < BATCH {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        self.empty_dict();
        self.memoize(cx, o.into())?;
        match dict::len(cx, o)? {
            0 => Ok(()),
            _ if self.proto == 0 => {
                let name = cx.name(N::items);
                let view = protocol::call_method(cx, o.into(), name, &[])?;
                let pairs = protocol::iter(cx, view)?;
                self.updated(cx, pairs, o.into())
            }
            n => self.dict_items(cx, o, n),
        }
    }

    pub(super) fn empty_dict(&mut self) {
        if self.bin {
            self.out.op(op::EMPTY_DICT);
        } else {
            self.out.put(&[op::MARK, op::DICT]);
        }
    }

    fn dict_items(&mut self, cx: &mut Cx, o: Obj, len: usize) -> Completion<()> {
        let mut from = 0;
        loop {
            let mut n = 0;
            if len > 1 {
                self.out.op(op::MARK);
            }
            while n < BATCH {
                let Some(e) = dict::next_entry(cx, o, from)? else { break };
                from = e.n + 1;
                self.entry(cx, e.key, e.value, o.into())?;
                n += 1;
                if len == 1 {
                    break;
                }
            }
            if len == 1 {
                self.out.op(op::SETITEM);
                return Ok(());
            }
            self.out.op(op::SETITEMS);
            if dict::len(cx, o)? != len {
                return raise!(cx, RuntimeError, "dictionary changed size during iteration");
            }
            if n < BATCH {
                return Ok(());
            }
        }
    }

    /// The pairs that an iterator yields, to be stored in what is on the stack.
    pub(super) fn updated(&mut self, cx: &mut Cx, pairs: Value, of: Value) -> Completion<()> {
        let write = |save: &mut Self, cx: &mut Cx, (key, value), _| save.entry(cx, key, value, of);
        self.batches(cx, pairs, [op::SETITEM, op::SETITEMS], as_pair, write)
    }

    /// A set or a frozenset as the result of a call with a list.
    fn set_by_call(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        let items = set::items(cx, o)?;
        let items = list::from_vec(cx, items)?;
        let args = cx.new_tuple(&[items.into()])?;
        self.made_by(cx, o.class().into(), args, o.into())
    }

    pub(super) fn set(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.proto < 4 {
            return self.set_by_call(cx, o);
        }
        self.out.op(op::EMPTY_SET);
        self.memoize(cx, o.into())?;
        let items = set::items(cx, o)?;
        let items = items.as_slice();
        for batch in items.chunks(BATCH) {
            self.out.op(op::MARK);
            for &item in batch {
                self.element(cx, item, o)?;
            }
            self.out.op(op::ADDITEMS);
            if set::len(cx, o)? != items.len() {
                return raise!(cx, RuntimeError, "set changed size during iteration");
            }
        }
        Ok(())
    }

    pub(super) fn frozenset(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.proto < 4 {
            return self.set_by_call(cx, o);
        }
        self.out.op(op::MARK);
        for &item in set::items(cx, o)?.as_slice() {
            self.element(cx, item, o)?;
        }
        if let Some(n) = self.written(o.into()) {
            self.out.op(op::POP_MARK);
            self.get(n);
            return Ok(());
        }
        self.out.op(op::FROZENSET);
        self.memoize(cx, o.into())
    }
}

fn as_pair(cx: &mut Cx, v: Value) -> Completion<(Value, Value)> {
    match tuple::items_of(v) {
        Some(&[key, value]) if cx.is_a(v, T::tuple) => Ok((key, value)),
        _ => raise!(cx, TypeError, "dict items iterator must return 2-tuples"),
    }
}
