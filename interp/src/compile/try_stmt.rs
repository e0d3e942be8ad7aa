//! `try`: handlers, `except*`, `else`, `finally`.
//!
//! A `finally` body is compiled once for each way out. Handlers run under a guard of their own whose
//! only work is to restore the handled exception before the error goes on.

use ruff_python_ast::{self as ast, ExceptHandler, ExceptHandlerExceptHandler as Handler};
use ruff_text_size::Ranged;

use super::{
    CompileError, Compiler, Done, Reg,
    unit::{BlockKind, Label},
};
use crate::code::Op;

impl<'a> Compiler<'a> {
    pub(super) fn try_stmt(&mut self, stmt: &'a ast::StmtTry) -> Done {
        self.u.conditional += 1;
        self.mark_line(stmt.start());
        let done =
            if stmt.finalbody.is_empty() { self.try_except(stmt) } else { self.try_finally(stmt) };
        self.u.conditional -= 1;
        done
    }

    fn try_finally(&mut self, stmt: &'a ast::StmtTry) -> Done {
        let (handler, cleanup, end) = (self.label(), self.label(), self.label());
        let exc = self.temps(3)?;
        let (saved, second) = (exc + 1, exc + 2);
        self.guard(handler, exc);
        // The guard is inside the block: leaving the block must leave the guard too.
        self.push_finally(BlockKind::Finally { body: &stmt.finalbody })?;
        if stmt.handlers.is_empty() {
            self.body(&stmt.body)?;
            self.body(&stmt.orelse)?;
        } else {
            self.try_except(stmt)?;
        }
        self.u.blocks.pop();
        self.unguard();
        self.body(&stmt.finalbody)?;
        self.unplaced(|this| this.goto(end));

        self.bind(handler);
        self.unplaced(|this| this.op(Op::PushExc, saved, exc, 0, 0));
        self.guard(cleanup, second);
        self.push_finally(BlockKind::Handler { saved, name: None })?;
        self.body(&stmt.finalbody)?;
        self.unplaced(|this| this.op(Op::Reraise, exc, 0, 0, 0));
        self.u.blocks.pop();
        self.unguard();
        self.bind_cleanup(cleanup, saved, second);
        self.bind(end);
        Ok(())
    }

    /// Pushes a block whose own guard is the one opened last.
    fn push_finally(&mut self, kind: BlockKind<'a>) -> Done {
        self.push_block(kind)?;
        if let Some(block) = self.u.blocks.last_mut() {
            block.n_guards = block.n_guards.saturating_sub(1);
        }
        Ok(())
    }

    /// The end of a handler that fails itself: the handled exception is restored, the error goes on.
    pub(super) fn bind_cleanup(&mut self, cleanup: Label, saved: Reg, exc: Reg) {
        self.bind(cleanup);
        self.unplaced(|this| this.op(Op::PopExc, saved, 0, 0, 0));
        self.unplaced(|this| this.op(Op::Reraise, exc, 0, 0, 0));
    }

    fn try_except(&mut self, stmt: &'a ast::StmtTry) -> Done {
        if stmt.is_star {
            return self.try_star(stmt);
        }
        let (handlers, cleanup, end) = (self.label(), self.label(), self.label());
        let exc = self.temps(3)?;
        let (saved, second) = (exc + 1, exc + 2);
        self.guard(handlers, exc);
        self.push_finally(BlockKind::Try)?;
        self.body(&stmt.body)?;
        self.u.blocks.pop();
        self.unguard();
        self.body(&stmt.orelse)?;
        self.unplaced(|this| this.goto(end));

        self.bind(handlers);
        self.unplaced(|this| this.op(Op::PushExc, saved, exc, 0, 0));
        self.guard(cleanup, second);
        for (at, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            if handler.type_.is_none() && at + 1 < stmt.handlers.len() {
                let message = "default 'except:' must be last";
                return Err(CompileError::syntax(message, handler.range));
            }
            self.u.at = handler.range;
            let next = self.label();
            if let Some(class) = &handler.type_ {
                let mark = self.u.top;
                let r = self.expr(class)?;
                self.jump(Op::JumpIfNoMatch, exc, r, 0, next);
                self.u.top = mark;
            } else {
                self.mark_line(handler.start());
            }
            self.handler_body(handler, exc, saved, end)?;
            self.bind(next);
        }
        self.unplaced(|this| this.op(Op::Reraise, exc, 0, 0, 0));
        self.unguard();
        self.bind_cleanup(cleanup, saved, second);
        self.bind(end);
        Ok(())
    }

    fn handler_body(&mut self, handler: &'a Handler, exc: Reg, saved: Reg, end: Label) -> Done {
        let at = std::mem::replace(&mut self.u.at, handler.range);
        let name = handler.name.as_ref().map(|name| name.as_str());
        let Some(name) = name else {
            self.push_finally(BlockKind::Handler { saved, name: None })?;
            self.body(&handler.body)?;
            self.u.blocks.pop();
            self.unplaced(|this| {
                this.op(Op::PopExc, saved, 0, 0, 0);
                this.goto(end);
            });
            self.u.at = at;
            return Ok(());
        };
        let (unname, mark) = (self.label(), self.u.top);
        let third = self.temp()?;
        self.store_name(name, exc)?;
        self.push_finally(BlockKind::Handler { saved, name: Some(name) })?;
        self.guard(unname, third);
        self.body(&handler.body)?;
        self.unguard();
        self.u.blocks.pop();
        self.u.at = handler.range;
        self.unplaced(|this| {
            this.op(Op::PopExc, saved, 0, 0, 0);
            this.forget_exception_name(Some(name))?;
            this.goto(end);
            Ok(())
        })?;
        self.bind(unname);
        self.unplaced(|this| {
            this.forget_exception_name(Some(name))?;
            this.op(Op::Reraise, third, 0, 0, 0);
            Ok(())
        })?;
        self.u.top = mark;
        self.u.at = at;
        Ok(())
    }

    /// `name = None; del name`, which works whatever the handler did to the name.
    pub(super) fn forget_exception_name(&mut self, name: Option<&str>) -> Done {
        let Some(name) = name else { return Ok(()) };
        if let Some(r) = self.variable_register(name) {
            self.op(Op::LoadUnbound, r, 0, 0, 0);
            return Ok(());
        }
        let mark = self.u.top;
        let none = self.temp()?;
        self.op(Op::LoadNone, none, 0, 0, 0);
        self.store_name(name, none)?;
        self.delete_name(name)?;
        self.u.top = mark;
        Ok(())
    }

    /// `except*`: each handler takes its part of the group; what handlers raise and what is left over
    /// is raised together at the end.
    fn try_star(&mut self, stmt: &'a ast::StmtTry) -> Done {
        let (handlers, cleanup, end) = (self.label(), self.label(), self.label());
        let exc = self.temps(7)?;
        let (saved, second, rest) = (exc + 1, exc + 2, exc + 3);
        let (raised, matched, third) = (exc + 4, exc + 5, exc + 6);
        self.guard(handlers, exc);
        self.push_finally(BlockKind::Try)?;
        self.body(&stmt.body)?;
        self.u.blocks.pop();
        self.unguard();
        self.body(&stmt.orelse)?;
        self.unplaced(|this| this.goto(end));

        self.bind(handlers);
        self.unplaced(|this| this.op(Op::PushExc, saved, exc, 0, 0));
        self.guard(cleanup, second);
        self.unplaced(|this| {
            this.op(Op::Move, rest, exc, 0, 0);
            this.op(Op::BuildList, raised, raised, 0, 0);
        });
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            self.u.at = handler.range;
            let (next, failed) = (self.label(), self.label());
            if let Some(class) = &handler.type_ {
                let mark = self.u.top;
                let r = self.expr(class)?;
                self.op(Op::SplitGroup, matched, rest, r, 0);
                self.u.top = mark;
            }
            self.jump(Op::JumpIfNone, matched, 0, 0, next);
            let mark = self.u.top;
            let ignored = self.temp()?;
            self.op(Op::PushExc, ignored, matched, 0, 0);
            let name = handler.name.as_ref().map(|name| name.as_str());
            if let Some(name) = name {
                self.store_name(name, matched)?;
            }
            self.guard(failed, third);
            self.push_finally(BlockKind::StarHandler)?;
            self.body(&handler.body)?;
            self.u.blocks.pop();
            self.unguard();
            self.u.at = handler.range;
            self.unplaced(|this| {
                this.forget_exception_name(name)?;
                this.goto(next);
                this.bind(failed);
                this.forget_exception_name(name)?;
                this.op(Op::ListAppend, raised, third, 0, 0);
                Ok(())
            })?;
            self.bind(next);
            self.u.top = mark;
        }
        let quiet = self.label();
        self.unplaced(|this| {
            this.op(Op::ListAppend, raised, rest, 0, 0);
            this.op(Op::PrepReraiseStar, matched, exc, raised, 0);
            this.jump(Op::JumpIfNone, matched, 0, 0, quiet);
            this.op(Op::Reraise, matched, 0, 0, 0);
        });
        self.bind(quiet);
        self.unguard();
        self.unplaced(|this| {
            this.op(Op::PopExc, saved, 0, 0, 0);
            this.goto(end);
        });
        self.bind_cleanup(cleanup, saved, second);
        self.bind(end);
        Ok(())
    }
}
