//! Functions and lambdas: parameters, defaults, decorators, closures.

use ruff_python_ast::{self as ast, Expr, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{
    CompileError, Compiler, Done, ErrorKind, Reg, Result,
    call::text,
    scope::{Name, Part, ScopeId, hidden_parameters},
    unit::{LOCALS_MAX, LOCALS_MAX_TIGHT, UnitKind},
};
use crate::code::{CodeFlags, CodeUnit, Const, Intrinsic, Op, operand::make_function};

/// The parts of a function object besides code and closure: registers that hold them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extras {
    pub(super) defaults: Option<Reg>,
    pub(super) kwdefaults: Option<Reg>,
    pub(super) annotate: Option<Reg>,
}

/// The range of a definition; of a decorated one from its name on, which stands in the line that is its own.
pub(super) fn behind_decorators(
    decorators: &[ast::Decorator],
    range: TextRange,
    name: &ast::Identifier,
) -> TextRange {
    if decorators.is_empty() { range } else { TextRange::new(name.range.start(), range.end()) }
}

impl<'a> Compiler<'a> {
    /// Compiles the unit of `scope`; a second time with fewer registers for variables if the first left
    /// too few for temporaries.
    pub(super) fn unit_of(
        &mut self,
        scope: ScopeId,
        kind: UnitKind,
        name: &str,
        build: impl Fn(&mut Self) -> Result<CodeUnit>,
    ) -> Result<CodeUnit> {
        let depth = self.outer.len();
        let before = std::mem::replace(&mut self.n_locals_max, LOCALS_MAX);
        self.push_unit(scope, kind, name);
        let mut built = build(self);
        let retry = matches!(&built, Err(error) if error.kind == ErrorKind::Recursion)
            && self.outer.len() == depth + 1
            && self.u.n_locals as usize > LOCALS_MAX_TIGHT;
        while self.outer.len() > depth {
            self.pop_unit();
        }
        if retry {
            self.n_locals_max = LOCALS_MAX_TIGHT;
            self.push_unit(scope, kind, name);
            built = build(self);
            while self.outer.len() > depth {
                self.pop_unit();
            }
        }
        self.n_locals_max = before;
        built
    }

    /// The flags that every function-like unit has.
    pub(super) fn function_flags(&mut self) {
        let scope = &self.table.scopes[self.u.scope];
        let nested = scope.nested;
        self.u.flags.insert(CodeFlags::OPTIMIZED);
        self.u.flags.insert(CodeFlags::NEWLOCALS);
        if nested {
            self.u.flags.insert(CodeFlags::NESTED);
        }
        if self.options.future_annotations {
            self.u.flags.insert(CodeFlags::FUTURE_ANNOTATIONS);
        }
    }

    pub(super) fn function_def(&mut self, def: &'a ast::StmtFunctionDef) -> Done {
        let dst = self.decorated(&def.decorator_list, |this, dst| {
            this.u.at = behind_decorators(&def.decorator_list, def.range, &def.name);
            this.function_object(def, dst)
        })?;
        self.u.at = behind_decorators(&def.decorator_list, def.range, &def.name);
        // Behind decorators the name has a line of its own, and so an instruction.
        self.store_name_from(&def.name, dst, def.decorator_list.is_empty())
    }

    /// Evaluates decorators, lets `make` put an object behind them, and calls them inside out.
    pub(super) fn decorated(
        &mut self,
        decorators: &'a [ast::Decorator],
        make: impl FnOnce(&mut Self, Reg) -> Done,
    ) -> Result<Reg> {
        let first = self.u.top as Reg;
        for decorator in decorators {
            // The window of the inner call begins where the outer one has its argument.
            let base = self.temps(4)?;
            self.expr_to(&decorator.expression, base)?;
        }
        let value = self.temp()?;
        make(self, value)?;
        for (at, decorator) in decorators.iter().enumerate().rev() {
            self.u.at = decorator.expression.range();
            let base = first + 4 * at as Reg;
            self.call_prepared(base, base, 1);
        }
        Ok(first)
    }

    /// Line of a definition: that of its first decorator.
    pub(super) fn definition_line(&self, decorators: &[ast::Decorator], at: u32) -> u32 {
        let start = decorators.first().map_or(at, |decorator| decorator.start().into());
        self.line_col(start).0
    }

    fn function_object(&mut self, def: &'a ast::StmtFunctionDef, dst: Reg) -> Done {
        let mark = self.u.top;
        match &def.type_params {
            None => {
                let extras = self.defaults(&def.parameters)?;
                self.function_with(def, extras, dst)?;
            }
            Some(params) => self.generic_function(def, params, dst)?,
        }
        self.u.top = mark;
        Ok(())
    }

    fn generic_function(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        params: &'a ast::TypeParams,
        dst: Reg,
    ) -> Done {
        let base = self.temps(4)?;
        let extras = self.defaults(&def.parameters)?;
        let nargs = extras.defaults.is_some() as u8 + extras.kwdefaults.is_some() as u8;
        let scope = self.scope_of(def, Part::TypeParams)?;
        let name = format!("<generic parameters of {}>", def.name);
        let code = self.unit_of(scope, UnitKind::TypeScope, &name, |this| {
            this.function_flags();
            this.u.n_args = u32::from(nargs);
            this.enter_function()?;
            let all = this.temp()?;
            this.type_parameters(params, all)?;
            let mut next = 0;
            let mut hidden = hidden_parameters(&def.parameters).map(|(_, wanted)| {
                next += Reg::from(wanted);
                wanted.then(|| next - 1)
            });
            // Inside, they are the first parameters.
            let extras =
                Extras { defaults: hidden[0].take(), kwdefaults: hidden[1].take(), annotate: None };
            let function = this.temp()?;
            this.function_with(def, extras, function)?;
            this.op(
                Op::Intrinsic,
                function,
                function,
                all,
                Intrinsic::SetFunctionTypeParams as i32,
            );
            this.op(Op::Return, function, 0, 0, 0);
            this.assemble()
        })?;
        // The arguments are already behind the window's header.
        self.make_function(base, code, Extras::default())?;
        self.call_prepared(dst, base, nargs);
        Ok(())
    }

    /// Evaluates default values, in new temporaries in the order of `MakeFunction`.
    fn defaults(&mut self, parameters: &'a Parameters) -> Result<Extras> {
        let mut extras = Extras::default();
        let positional: Vec<&'a Expr> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .filter_map(|parameter| parameter.default.as_deref())
            .collect();
        if !positional.is_empty() {
            let dst = self.temp()?;
            self.tuple_of(&positional, dst)?;
            extras.defaults = Some(dst);
        }
        if parameters.kwonlyargs.iter().any(|parameter| parameter.default.is_some()) {
            let dst = self.temp()?;
            self.op(Op::BuildMap, dst, dst, 0, 0);
            for parameter in &parameters.kwonlyargs {
                let Some(default) = &parameter.default else { continue };
                let mark = self.u.top;
                let key = self.temp()?;
                let name = self.mangled(parameter.name());
                self.load_str(key, &name);
                let value = self.expr(default)?;
                self.op(Op::MapAdd, dst, key, value, 0);
                self.u.top = mark;
            }
            extras.kwdefaults = Some(dst);
        }
        Ok(extras)
    }

    fn tuple_of(&mut self, items: &[&'a Expr], dst: Reg) -> Done {
        let constants: Option<Vec<Const>> = items.iter().map(|item| self.fold(item)).collect();
        if let Some(constants) = constants {
            self.load_const(dst, Const::Tuple(constants));
            return Ok(());
        }
        let mark = self.u.top;
        self.op(Op::BuildList, dst, dst, 0, 0);
        for item in items {
            let r = self.expr(item)?;
            self.op(Op::ListAppend, dst, r, 0, 0);
            self.u.top = mark;
        }
        self.op(Op::ListToTuple, dst, dst, 0, 0);
        Ok(())
    }

    /// The function object of `def`, whose defaults are evaluated already.
    fn function_with(
        &mut self,
        def: &'a ast::StmtFunctionDef,
        mut extras: Extras,
        dst: Reg,
    ) -> Done {
        extras.annotate = self.function_annotations(def)?;
        let scope = self.scope_of(def, Part::Body)?;
        let code = self.unit_of(scope, UnitKind::Function, &def.name, |this| {
            this.u.first_line = this.definition_line(&def.decorator_list, def.range.start().into());
            this.method_flag();
            this.parameters(&def.parameters);
            this.body_flags(def.is_async);
            this.function_body(&def.body)
        })?;
        self.make_function(dst, code, extras)?;
        self.future_annotations(def, dst)
    }

    fn function_body(&mut self, body: &'a [Stmt]) -> Result<CodeUnit> {
        let mut rest = body;
        if let Some(doc) = self.docstring(body) {
            rest = &body[1..];
            if self.options.optimize < 2 {
                self.constant(doc);
                self.u.flags.insert(CodeFlags::HAS_DOCSTRING);
            }
        }
        self.enter_function()?;
        self.body(rest)?;
        if let Some(last) = rest.last() {
            self.u.at = last.range();
        }
        self.return_none(self.u.is_resumable())?;
        self.assemble()
    }

    fn body_flags(&mut self, is_async: bool) {
        self.function_flags();
        let generator = self.table.scopes[self.u.scope].is_generator;
        self.u.flags.insert(match (is_async, generator) {
            (true, true) => CodeFlags::ASYNC_GENERATOR,
            (true, false) => CodeFlags::COROUTINE,
            (false, true) => CodeFlags::GENERATOR,
            (false, false) => CodeFlags::default(),
        });
    }

    fn method_flag(&mut self) {
        let mut around =
            self.outer.iter().rev().skip_while(|unit| unit.name.starts_with("<generic"));
        if around.next().is_some_and(|unit| unit.kind == UnitKind::Class) {
            self.u.flags.insert(CodeFlags::METHOD);
        }
    }

    fn parameters(&mut self, parameters: &Parameters) {
        self.u.n_posonly = parameters.posonlyargs.len() as u32;
        self.u.n_args = self.u.n_posonly + parameters.args.len() as u32;
        self.u.n_kwonly = parameters.kwonlyargs.len() as u32;
        if parameters.vararg.is_some() {
            self.u.flags.insert(CodeFlags::VARARGS);
        }
        if parameters.kwarg.is_some() {
            self.u.flags.insert(CodeFlags::VARKEYWORDS);
        }
    }

    pub(super) fn lambda(&mut self, node: &'a ast::ExprLambda, dst: Reg) -> Done {
        let mark = self.u.top;
        let extras = match &node.parameters {
            Some(parameters) => self.defaults(parameters)?,
            None => Extras::default(),
        };
        let scope = self.scope_of(node, Part::Body)?;
        let code = self.unit_of(scope, UnitKind::Lambda, "<lambda>", |this| {
            this.method_flag();
            if let Some(parameters) = &node.parameters {
                this.parameters(parameters);
            }
            this.body_flags(false);
            this.enter_function()?;
            let value = this.expr(&node.body)?;
            this.u.at = node.body.range();
            let op = if this.u.is_resumable() { Op::GenReturn } else { Op::Return };
            this.op(op, value, 0, 0, 0);
            this.assemble()
        })?;
        self.make_function(dst, code, extras)?;
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn scope_of<T>(&self, node: &T, part: Part) -> Result<ScopeId> {
        let missing = || CompileError::syntax("invalid syntax", self.u.at);
        self.table.find(node, part).ok_or_else(missing)
    }

    /// `dst =` function of `code`, with its closure from the current frame.
    pub(super) fn make_function(&mut self, dst: Reg, code: CodeUnit, extras: Extras) -> Done {
        let mark = self.u.top;
        let free: Vec<Name> = code.freevars.iter().map(|variable| variable.name.clone()).collect();
        let code = self.constant(Const::Code(code.into()));
        let parts = self.temps(4)?;
        let mut next = parts;
        let mut flags = 0;
        for (part, flag) in [
            (extras.defaults, make_function::DEFAULTS),
            (extras.kwdefaults, make_function::KWDEFAULTS),
            (extras.annotate, make_function::ANNOTATE),
        ] {
            if let Some(part) = part {
                self.op(Op::Move, next, part, 0, 0);
                next += 1;
                flags |= flag;
            }
        }
        if !free.is_empty() {
            self.closure(&free, next)?;
            flags |= make_function::CLOSURE;
        }
        self.op(Op::MakeFunction, dst, parts, flags, code);
        self.u.top = mark;
        Ok(())
    }

    fn closure(&mut self, free: &[Name], dst: Reg) -> Done {
        let mark = self.u.top;
        if free.len() <= 60 && self.has_room(free.len()) {
            let first = self.temps(free.len())?;
            for (at, name) in free.iter().enumerate() {
                self.load_cell(first + at as Reg, name)?;
            }
            self.op(Op::BuildTuple, dst, first, 0, free.len() as i32);
        } else {
            let cell = self.temp()?;
            self.op(Op::BuildList, dst, dst, 0, 0);
            for name in free {
                self.load_cell(cell, name)?;
                self.op(Op::ListAppend, dst, cell, 0, 0);
            }
            self.op(Op::ListToTuple, dst, dst, 0, 0);
        }
        self.u.top = mark;
        Ok(())
    }

    /// The docstring of a body, with its indentation cleaned up as CPython does.
    pub(super) fn docstring(&self, body: &[Stmt]) -> Option<Const> {
        let Stmt::Expr(first) = body.first()? else { return None };
        if !first.value.is_string_literal_expr() {
            return None;
        }
        let Const::Str(doc) = self.fold(&first.value)? else { return None };
        match doc.into_string() {
            Ok(doc) => Some(text(&clean_doc(&doc))),
            Err(doc) => Some(Const::Str(doc)),
        }
    }

    /// Remembers `self.x = ...` for the class's `__static_attributes__`.
    pub(super) fn note_static_attribute(&mut self, node: &ast::ExprAttribute) {
        let is_self = matches!(&*node.value, Expr::Name(name) if name.id == "self");
        if !is_self {
            return;
        }
        let name = self.mangled(&node.attr);
        let class = self.outer.iter_mut().rev().find(|unit| unit.kind == UnitKind::Class);
        if let Some(class) = class
            && !class.static_attributes.contains(&name)
        {
            class.static_attributes.push(name);
        }
    }
}

/// Expands tabs, removes the first line's leading blanks and the other lines' common indentation.
fn clean_doc(doc: &str) -> String {
    let expanded = expand_tabs(doc);
    let mut lines = expanded.split('\n');
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin =
        rest.iter().filter(|line| indent(line) < line.len()).map(|line| indent(line)).min();
    let margin = margin.unwrap_or(0);
    let mut out = first.trim_start_matches(' ').to_owned();
    for line in rest {
        out.push('\n');
        out.push_str(line.get(margin.min(indent(line))..).unwrap_or_default());
    }
    out
}

fn expand_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let n = 8 - column % 8;
                out.extend(std::iter::repeat_n(' ', n));
                column += n;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            _ => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}
