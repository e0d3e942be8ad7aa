//! Calls: functions, methods, zero-argument `super`, keywords, stars.

use ruff_python_ast::{self as ast, Arguments, Expr, Keyword};
use ruff_text_size::{Ranged, TextRange};

use super::{
    Compiler, Done, Reg, Result,
    unit::{UnitKind, Var},
};
use crate::code::{Const, Op};

/// Most arguments passed in registers.
const ARGS_MAX: usize = 60;
/// Words between a call's window start and the first argument.
const HEADER: usize = 4;

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, node: &'a ast::ExprCall, dst: Reg) -> Done {
        let n = node.arguments.args.len() + node.arguments.keywords.len();
        if has_stars(&node.arguments) || n > ARGS_MAX || !self.has_room(n + HEADER + 1) {
            return self.call_unpacked(node, dst);
        }
        self.reuse(dst);
        if let Expr::Attribute(method) = &*node.func {
            return self.method_call(node, method, dst);
        }
        let base = self.temps(HEADER)?;
        self.expr_to(&node.func, base)?;
        self.arguments(&node.arguments)?;
        self.call_op(Op::Call, Op::CallKw, dst, base, &node.arguments);
        Ok(())
    }

    /// Gives `dst` back if it is the last register: what is computed for it may begin there.
    fn reuse(&mut self, dst: Reg) {
        if u32::from(dst) + 1 == self.u.top {
            self.u.top -= 1;
        }
    }

    fn method_call(
        &mut self,
        node: &'a ast::ExprCall,
        method: &'a ast::ExprAttribute,
        dst: Reg,
    ) -> Done {
        let base = self.temps(HEADER + 1)?;
        let whole = self.u.at;
        let top = self.u.top;
        self.u.top = u32::from(base) + 1;
        let site;
        if let Some(args) = self.zero_argument_super(&method.value)? {
            self.u.at = self.range_from_name(method.range(), method);
            site = self.site(&method.attr);
            self.op(Op::LoadSuperMethod, base, args, 0, site);
        } else {
            let obj = self.operand(&method.value, base)?;
            self.u.at = self.range_from_name(method.range(), method);
            site = self.site(&method.attr);
            self.op(Op::LoadMethod, base, obj, 0, site);
        }
        self.u.top = top;
        self.u.at = whole;
        self.arguments(&node.arguments)?;
        self.u.at = self.range_from_name(whole, method);
        self.call_op(Op::CallMethod, Op::CallMethodKw, dst, base, &node.arguments);
        self.u.at = whole;
        Ok(())
    }

    /// `range`, begun at the attribute's name if that is on a later line: the line tracebacks show.
    pub(super) fn range_from_name(&self, range: TextRange, node: &ast::ExprAttribute) -> TextRange {
        let (first, _) = self.line_col(range.start().into());
        let (line, _) = self.line_col(node.range.end().into());
        let start = node.attr.range.start();
        if first == line || start > range.end() {
            range
        } else {
            TextRange::new(start, range.end())
        }
    }

    fn arguments(&mut self, arguments: &'a Arguments) -> Done {
        let values = arguments.keywords.iter().map(|keyword| &keyword.value);
        for value in arguments.args.iter().chain(values) {
            let r = self.temp()?;
            self.expr_to(value, r)?;
        }
        Ok(())
    }

    fn call_op(&mut self, plain: Op, keywords: Op, dst: Reg, base: Reg, arguments: &Arguments) {
        let nargs = (arguments.args.len() + arguments.keywords.len()) as u8;
        if arguments.keywords.is_empty() {
            let cache = self.cache();
            self.op(plain, dst, base, nargs, cache);
            return;
        }
        let names = arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let names = names.map(|name| text(name)).collect();
        let names = self.constant(Const::Tuple(names));
        self.op(keywords, dst, base, nargs, names);
    }

    /// Calls with `*` or `**`, or with more arguments than registers: they go through a list and a dict.
    fn call_unpacked(&mut self, node: &'a ast::ExprCall, dst: Reg) -> Done {
        self.reuse(dst);
        let has_kwargs = !node.arguments.keywords.is_empty();
        let func = self.temps(if has_kwargs { 3 } else { 2 })?;
        let (args, kwargs) = (func + 1, func.saturating_add(2));
        self.expr_to(&node.func, func)?;
        self.positional_list(&node.arguments.args, args)?;
        if has_kwargs {
            self.keyword_dict(&node.arguments.keywords, kwargs, func)?;
        }
        let base = self.temps(HEADER + 2)?;
        self.op(Op::Move, base, func, 0, 0);
        self.op(Op::Move, base + 4, args, 0, 0);
        if has_kwargs {
            self.op(Op::Move, base + 5, kwargs, 0, 0);
        } else {
            self.op(Op::LoadUnbound, base + 5, 0, 0, 0);
        }
        self.op(Op::CallEx, dst, base, 0, 0);
        Ok(())
    }

    /// The positional arguments as one iterable: what stands behind a lone star, or a list.
    pub(super) fn positional_list(&mut self, args: &'a [Expr], dst: Reg) -> Done {
        match args {
            [Expr::Starred(only)] => self.expr_to(&only.value, dst),
            _ => self.list(args, dst),
        }
    }

    /// The keyword arguments as a new dict.
    pub(super) fn keyword_dict(&mut self, keywords: &'a [Keyword], dst: Reg, func: Reg) -> Done {
        self.op(Op::BuildMap, dst, dst, 0, 0);
        let mut rest = keywords;
        while let Some((first, tail)) = rest.split_first() {
            let mark = self.u.top;
            if first.arg.is_none() {
                let other = self.expr(&first.value)?;
                self.op(Op::DictMerge, dst, other, func, 0);
                rest = tail;
            } else {
                let n = rest.iter().position(|keyword| keyword.arg.is_none()).unwrap_or(rest.len());
                let (run, tail) = rest.split_at(n);
                // A run behind `**x` may repeat one of its keys, which merging notices.
                let merge = run.len() < keywords.len() && first.range != keywords[0].range;
                let acc = if merge { self.temp()? } else { dst };
                if merge {
                    self.op(Op::BuildMap, acc, acc, 0, 0);
                }
                self.keyword_run(run, acc)?;
                if merge {
                    self.op(Op::DictMerge, dst, acc, func, 0);
                }
                rest = tail;
            }
            self.u.top = mark;
        }
        Ok(())
    }

    fn keyword_run(&mut self, run: &'a [Keyword], acc: Reg) -> Done {
        for keyword in run {
            let Some(name) = &keyword.arg else { continue };
            let mark = self.u.top;
            let key = self.temp()?;
            self.load_str(key, name);
            let value = self.expr(&keyword.value)?;
            self.op(Op::MapAdd, acc, key, value, 0);
            self.u.top = mark;
        }
        Ok(())
    }

    /// For `super()` in a method: the window of `LoadSuperAttr`, in new temporaries.
    pub(super) fn zero_argument_super(&mut self, expr: &'a Expr) -> Result<Option<Reg>> {
        let Expr::Call(call) = expr else { return Ok(None) };
        let Expr::Name(name) = &*call.func else { return Ok(None) };
        let is_function = matches!(self.u.kind, UnitKind::Function | UnitKind::Lambda);
        if name.id != "super" || !call.arguments.is_empty() || !is_function || self.u.n_args == 0 {
            return Ok(None);
        }
        let own_class = self.u.vars.get("__class__").copied();
        let (Some(Var { own: false, .. }), Some(this)) =
            (own_class, self.u.varnames.first().cloned())
        else {
            return Ok(None);
        };
        if !self.is_global("super") {
            return Ok(None);
        }
        let args = self.temps(3)?;
        let outer = std::mem::replace(&mut self.u.at, name.range);
        self.load_name("super", args)?;
        self.u.at = call.range();
        self.load_name("__class__", args + 1)?;
        self.load_name(&this, args + 2)?;
        self.u.at = outer;
        Ok(Some(args))
    }

    /// Calls the function in `base` with `nargs` arguments already in place.
    pub(super) fn call_prepared(&mut self, dst: Reg, base: Reg, nargs: u8) {
        let cache = self.cache();
        self.op(Op::Call, dst, base, nargs, cache);
    }
}

fn has_stars(arguments: &Arguments) -> bool {
    arguments.args.iter().any(Expr::is_starred_expr)
        || arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
}

/// A string constant.
pub(super) fn text(value: &str) -> Const {
    Const::Str(rustpython_wtf8::Wtf8Buf::from(value))
}
