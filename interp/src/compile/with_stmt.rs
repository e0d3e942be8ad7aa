//! `with` and `async with`.

use ruff_python_ast::{self as ast, Stmt, WithItem};
use ruff_text_size::Ranged;

use super::{Compiler, Done, Reg, unit::BlockKind};
use crate::code::{Op, Special};

impl<'a> Compiler<'a> {
    pub(super) fn with_stmt(&mut self, stmt: &'a ast::StmtWith) -> Done {
        if stmt.is_async {
            self.need_async("'async with' outside async function", stmt.range)?;
        }
        self.u.conditional += 1;
        let done = self.with_items(&stmt.items, &stmt.body, stmt.is_async);
        self.u.conditional -= 1;
        done
    }

    fn with_items(&mut self, items: &'a [WithItem], body: &'a [Stmt], is_async: bool) -> Done {
        let Some((item, rest)) = items.split_first() else { return self.body(body) };
        let mark = self.u.top;
        let range = item.context_expr.range();
        let outer = std::mem::replace(&mut self.u.at, range);
        let (handler, cleanup, swallow, end) =
            (self.label(), self.label(), self.label(), self.label());
        // exit function, its self, exception, saved exception, second exception
        let exit = self.temps(5)?;
        let (exc, saved, second) = (exit + 2, exit + 3, exit + 4);
        let entered = self.temp()?;
        self.enter_context(item, exit, entered, is_async)?;
        self.guard(handler, exc);
        self.push_block(BlockKind::With { exit, is_async, range })?;
        if let Some(block) = self.u.blocks.last_mut() {
            block.n_guards = block.n_guards.saturating_sub(1);
        }
        if let Some(target) = &item.optional_vars {
            self.u.at = target.range();
            self.store_dead(target, entered)?;
        }
        self.u.at = outer;
        self.with_items(rest, body, is_async)?;
        self.u.blocks.pop();
        self.unguard();
        self.u.at = range;
        self.exit_normally(exit, is_async)?;
        self.unplaced(|this| this.goto(end));

        self.bind(handler);
        self.unplaced(|this| this.op(Op::PushExc, saved, exc, 0, 0));
        self.guard(cleanup, second);
        let base = self.temps(8)?;
        self.op(Op::Move, base, exit, 0, 0);
        self.op(Op::Move, base + 4, exit + 1, 0, 0);
        self.op(Op::ExcInfo, base + 5, exc, 0, 0);
        let cache = self.cache();
        self.op(Op::CallMethod, base, base, 3, cache);
        if is_async {
            self.await_value(base, base, 2)?;
        }
        self.jump(Op::JumpIf, base, 0, 0, swallow);
        self.unplaced(|this| this.op(Op::Reraise, exc, 0, 0, 0));
        self.unguard();
        self.bind_cleanup(cleanup, saved, second);
        self.bind(swallow);
        self.unplaced(|this| this.op(Op::PopExc, saved, 0, 0, 0));
        self.bind(end);
        self.u.at = outer;
        self.u.top = mark;
        Ok(())
    }

    fn enter_context(
        &mut self,
        item: &'a WithItem,
        exit: Reg,
        entered: Reg,
        is_async: bool,
    ) -> Done {
        let (enter, leave) = if is_async {
            (Special::AEnter, Special::AExit)
        } else {
            (Special::Enter, Special::Exit)
        };
        let mark = self.u.top;
        let manager = self.operand(&item.context_expr, entered)?;
        let base = self.temps(5)?;
        self.op(Op::LoadSpecial, base, base + 4, manager, enter as i32);
        self.op(Op::LoadSpecial, exit, exit + 1, manager, leave as i32);
        let cache = self.cache();
        self.op(Op::CallMethod, entered, base, 0, cache);
        if is_async {
            self.await_value(entered, entered, 1)?;
        }
        self.u.top = mark;
        Ok(())
    }

    /// `exit(None, None, None)`.
    pub(super) fn exit_normally(&mut self, exit: Reg, is_async: bool) -> Done {
        let mark = self.u.top;
        let base = self.temps(8)?;
        self.op(Op::Move, base, exit, 0, 0);
        self.op(Op::Move, base + 4, exit + 1, 0, 0);
        for arg in 5..8 {
            self.op(Op::LoadNone, base + arg, 0, 0, 0);
        }
        let cache = self.cache();
        self.op(Op::CallMethod, base, base, 3, cache);
        if is_async {
            self.await_value(base, base, 2)?;
        }
        self.u.top = mark;
        Ok(())
    }
}
