//! Control flow: conditions, loops, and leaving blocks by `break`, `continue` and `return`.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{
    CompileError, Compiler, Done, Reg,
    unit::{Block, BlockKind, Label, UnitKind},
};
use crate::code::{CodeFlags, Op};

impl<'a> Compiler<'a> {
    pub(super) fn if_stmt(&mut self, stmt: &'a ast::StmtIf) -> Done {
        let end = self.label();
        let mut next = self.label();
        if self.constant_truth(&stmt.test).is_some() {
            self.line_only(stmt.start());
        }
        self.jump_if(&stmt.test, false, next)?;
        self.conditional_body(&stmt.body)?;
        for (at, clause) in stmt.elif_else_clauses.iter().enumerate() {
            self.unplaced(|this| this.goto(end));
            self.bind(next);
            next = self.label();
            if let Some(test) = &clause.test {
                self.jump_if(test, false, next)?;
            }
            self.conditional_body(&clause.body)?;
            debug_assert!(clause.test.is_some() || at + 1 == stmt.elif_else_clauses.len());
        }
        self.bind(next);
        self.bind(end);
        Ok(())
    }

    pub(super) fn conditional_body(&mut self, body: &'a [Stmt]) -> Done {
        self.u.conditional += 1;
        let done = self.body(body);
        self.u.conditional -= 1;
        done
    }

    pub(super) fn while_stmt(&mut self, stmt: &'a ast::StmtWhile) -> Done {
        let (body, test, end) = (self.label(), self.label(), self.label());
        let constant = self.constant_truth(&stmt.test);
        if constant.is_some() {
            self.line_only(stmt.start());
        }
        if constant != Some(true) {
            self.goto(test);
        }
        self.bind(body);
        self.push_block(BlockKind::Loop { on_break: end, on_continue: test })?;
        self.conditional_body(&stmt.body)?;
        self.u.blocks.pop();
        self.bind(test);
        self.jump_if(&stmt.test, true, body)?;
        self.conditional_body(&stmt.orelse)?;
        self.bind(end);
        Ok(())
    }

    pub(super) fn for_stmt(&mut self, stmt: &'a ast::StmtFor) -> Done {
        if stmt.is_async {
            return self.async_for(stmt);
        }
        let (body, next, end) = (self.label(), self.label(), self.label());
        let whole = std::mem::replace(&mut self.u.at, stmt.iter.range());
        let iter = self.temp()?;
        let src = self.operand(&stmt.iter, iter)?;
        self.op(Op::GetIter, iter, src, 0, 0);
        self.goto(next);
        let item = match self.plain_target(&stmt.target) {
            Some(r) => r,
            None => self.temp()?,
        };
        self.bind(body);
        self.push_block(BlockKind::Loop { on_break: end, on_continue: next })?;
        self.store_dead(&stmt.target, item)?;
        self.conditional_body(&stmt.body)?;
        self.u.blocks.pop();
        self.bind(next);
        self.u.at = stmt.iter.range();
        self.jump(Op::ForIter, item, iter, 0, body);
        self.u.at = whole;
        self.conditional_body(&stmt.orelse)?;
        self.bind(end);
        Ok(())
    }

    fn async_for(&mut self, stmt: &'a ast::StmtFor) -> Done {
        self.need_async("'async for' outside async function", stmt.range)?;
        let (next, handler, end) = (self.label(), self.label(), self.label());
        let whole = std::mem::replace(&mut self.u.at, stmt.iter.range());
        let (iter, exc, item) = (self.temp()?, self.temp()?, self.temp()?);
        let src = self.operand(&stmt.iter, iter)?;
        self.op(Op::GetAIter, iter, src, 0, 0);
        self.bind(next);
        self.push_block(BlockKind::Loop { on_break: end, on_continue: next })?;
        self.async_next(item, iter, stmt.iter.range(), handler, exc)?;
        self.store_dead(&stmt.target, item)?;
        self.conditional_body(&stmt.body)?;
        self.u.blocks.pop();
        self.u.at = stmt.iter.range();
        self.unplaced(|this| this.goto(next));
        self.end_async_for(handler, exc);
        self.u.at = whole;
        self.conditional_body(&stmt.orelse)?;
        self.bind(end);
        Ok(())
    }

    pub(super) fn need_async(&self, message: &str, range: TextRange) -> Done {
        let flags = self.u.flags;
        if flags.contains(CodeFlags::COROUTINE) || flags.contains(CodeFlags::ASYNC_GENERATOR) {
            return Ok(());
        }
        Err(CompileError::syntax(message, range))
    }

    /// `item = await anext(iter)`; `handler` sees the end of the iteration as an exception.
    pub(super) fn async_next(
        &mut self,
        item: Reg,
        iter: Reg,
        range: TextRange,
        handler: Label,
        exc: Reg,
    ) -> Done {
        let mark = self.u.top;
        let outer = std::mem::replace(&mut self.u.at, range);
        let step = self.temp()?;
        self.guard(handler, exc);
        self.op(Op::GetANext, step, iter, 0, 0);
        self.delegate(item, step)?;
        self.unguard();
        self.u.at = outer;
        self.u.top = mark;
        Ok(())
    }

    /// The handler of `async_next`; control goes on here when the iteration has ended.
    pub(super) fn end_async_for(&mut self, handler: Label, exc: Reg) {
        let end = self.label();
        self.bind(handler);
        self.jump(Op::EndAsyncFor, exc, 0, 0, end);
        self.bind(end);
    }

    /// The register of a target that is a plain local variable.
    pub(super) fn plain_target(&self, target: &Expr) -> Option<Reg> {
        match target {
            Expr::Name(name) => self.variable_register(&name.id),
            _ => None,
        }
    }

    // ---- leaving blocks ---------------------------------------------------------------------------

    pub(super) fn return_stmt(&mut self, stmt: &'a ast::StmtReturn) -> Done {
        if !matches!(self.u.kind, UnitKind::Function) {
            return Err(CompileError::syntax("'return' outside function", stmt.range));
        }
        if stmt.value.is_some() && self.u.flags.contains(CodeFlags::ASYNC_GENERATOR) {
            let message = "'return' with value in async generator";
            return Err(CompileError::syntax(message, stmt.range));
        }
        let works = self
            .u
            .blocks
            .iter()
            .any(|block| !matches!(block.kind, BlockKind::Loop { .. } | BlockKind::Try));
        let value = match stmt.value.as_deref() {
            None => {
                let value = self.temp()?;
                self.op(Op::LoadNone, value, 0, 0, 0);
                value
            }
            // What is run on the way out may change a variable.
            Some(value) if works => {
                let copy = self.temp()?;
                self.expr_to(value, copy)?;
                copy
            }
            Some(value) => self.expr(value)?,
        };
        let suspended = self.unwind(0)?;
        self.u.at = stmt.range;
        let n_before = self.u.ins.len();
        self.op(if self.u.is_resumable() { Op::GenReturn } else { Op::Return }, value, 0, 0, 0);
        self.place_after(works, n_before);
        self.resume_guards(&suspended);
        Ok(())
    }

    /// What leaves a block belongs to the line of what was done on the way out, if anything was.
    fn place_after(&mut self, works: bool, n_before: usize) {
        self.u.ins[n_before..].iter_mut().for_each(|ins| ins.placed = !works);
    }

    pub(super) fn return_none(&mut self, resumable: bool) -> Done {
        let value = self.temp()?;
        self.unplaced(|this| {
            this.op(Op::LoadNone, value, 0, 0, 0);
            this.op(if resumable { Op::GenReturn } else { Op::Return }, value, 0, 0, 0);
        });
        Ok(())
    }

    pub(super) fn break_stmt(&mut self, range: TextRange) -> Done {
        let Some((at, on_break, _)) = self.innermost_loop(range)? else {
            return Err(CompileError::syntax("'break' outside loop", range));
        };
        self.leave_to(at, on_break)
    }

    pub(super) fn continue_stmt(&mut self, range: TextRange) -> Done {
        let Some((at, _, on_continue)) = self.innermost_loop(range)? else {
            return Err(CompileError::syntax("'continue' not properly in loop", range));
        };
        self.leave_to(at, on_continue)
    }

    fn leave_to(&mut self, at: usize, label: Label) -> Done {
        let outer = self.u.at;
        let works = |block: &Block<'_>| {
            matches!(block.kind, BlockKind::Finally { .. } | BlockKind::With { .. })
        };
        if self.u.blocks[at + 1..].iter().any(works) {
            self.mark_line(outer.start());
        }
        let n_before = self.u.ins.len();
        let suspended = self.unwind(at + 1)?;
        self.u.at = outer;
        let works = self.u.ins.len() > n_before;
        let n_before = self.u.ins.len();
        self.goto(label);
        if let Some(jump) = self.u.ins.last_mut() {
            // Even if it turns out to be needless: it is the statement's line.
            jump.optional = !works;
        }
        self.place_after(works, n_before);
        self.resume_guards(&suspended);
        Ok(())
    }

    fn innermost_loop(&self, range: TextRange) -> super::Result<Option<(usize, Label, Label)>> {
        for (at, block) in self.u.blocks.iter().enumerate().rev() {
            match block.kind {
                BlockKind::Loop { on_break, on_continue } => {
                    return Ok(Some((at, on_break, on_continue)));
                }
                BlockKind::StarHandler => return Err(star_handler(range)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Emits what leaving all blocks from number `keep` on takes; returns the guards to resume behind the jump.
    fn unwind(&mut self, keep: usize) -> super::Result<Vec<usize>> {
        let mut suspended = Vec::new();
        let all = self.u.blocks.clone();
        while self.u.blocks.len() > keep {
            let Some(block) = self.u.blocks.pop() else { break };
            suspended.extend(self.suspend_guards(block.n_guards));
            self.leave(block)?;
        }
        self.u.blocks = all;
        Ok(suspended)
    }

    fn leave(&mut self, block: Block<'a>) -> Done {
        match block.kind {
            BlockKind::Loop { .. } | BlockKind::Try => Ok(()),
            BlockKind::Finally { body } => {
                let outer = self.u.at;
                self.body(body)?;
                self.u.at = outer;
                Ok(())
            }
            BlockKind::Handler { saved, name } => self.unplaced(|this| {
                this.op(Op::PopExc, saved, 0, 0, 0);
                this.forget_exception_name(name)
            }),
            BlockKind::StarHandler => Err(star_handler(self.u.at)),
            BlockKind::With { exit, is_async, range } => {
                let outer = std::mem::replace(&mut self.u.at, range);
                self.exit_normally(exit, is_async)?;
                self.u.at = outer;
                Ok(())
            }
        }
    }
}

fn star_handler(range: TextRange) -> CompileError {
    let message = "'break', 'continue' and 'return' cannot appear in an except* block";
    CompileError::syntax(message, range)
}
