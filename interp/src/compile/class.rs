//! Classes: the body as a function of its namespace, and the call that makes the class.

use ruff_python_ast::{self as ast};
use ruff_text_size::Ranged;

use super::{
    Compiler, Done, Reg, Result,
    call::text,
    function::Extras,
    function::behind_decorators,
    scope::{Name, Part},
    unit::UnitKind,
};
use crate::code::{CodeFlags, CodeUnit, Const, Intrinsic, Op};

impl<'a> Compiler<'a> {
    pub(super) fn class_def(&mut self, def: &'a ast::StmtClassDef) -> Done {
        let dst = self.decorated(&def.decorator_list, |this, dst| {
            this.u.at = behind_decorators(&def.decorator_list, def.range, &def.name);
            match &def.type_params {
                None => this.build_class(def, None, dst),
                Some(params) => this.generic_class(def, params, dst),
            }
        })?;
        self.u.at = behind_decorators(&def.decorator_list, def.range, &def.name);
        // Behind decorators the name has a line of its own, and so an instruction.
        self.store_name_from(&def.name, dst, def.decorator_list.is_empty())
    }

    fn generic_class(
        &mut self,
        def: &'a ast::StmtClassDef,
        params: &'a ast::TypeParams,
        dst: Reg,
    ) -> Done {
        let mark = self.u.top;
        let base = self.temps(4)?;
        let scope = self.scope_of(def, Part::TypeParams)?;
        let name = format!("<generic parameters of {}>", def.name);
        let code = self.unit_of(scope, UnitKind::TypeScope, &name, |this| {
            this.function_flags();
            this.enter_function()?;
            let all = this.temps(3)?;
            let (generic, class) = (all + 1, all + 2);
            this.type_parameters(params, all)?;
            this.store_name(".type_params", all)?;
            let which = Intrinsic::SubscriptGeneric as i32;
            this.op(Op::Intrinsic, generic, all, all, which);
            this.build_class(def, Some(generic), class)?;
            this.op(Op::Return, class, 0, 0, 0);
            this.assemble()
        })?;
        self.make_function(base, code, Extras::default())?;
        self.call_prepared(dst, base, 0);
        self.u.top = mark;
        Ok(())
    }

    /// `dst = __build_class__(body, name, *bases, **keywords)`.
    fn build_class(&mut self, def: &'a ast::StmtClassDef, generic: Option<Reg>, dst: Reg) -> Done {
        let mark = self.u.top;
        let whole = self.u.at;
        let base = self.temps(4)?;
        self.op(Op::LoadBuildClass, base, 0, 0, 0);
        let body = self.temps(2)?;
        let scope = self.scope_of(def, Part::Body)?;
        let code = self.unit_of(scope, UnitKind::Class, &def.name, |this| this.class_body(def))?;
        self.make_function(body, code, Extras::default())?;
        self.load_str(body + 1, &def.name);
        let (bases, keywords) = (def.bases(), def.keywords());
        let n = bases.len() + keywords.len();
        let stars = bases.iter().any(ast::Expr::is_starred_expr)
            || keywords.iter().any(|keyword| keyword.arg.is_none());
        if stars || n > 30 || !self.has_room(n + 1) {
            self.class_call_unpacked(def, generic, dst, base)?;
        } else {
            for value in bases {
                let r = self.temp()?;
                self.expr_to(value, r)?;
            }
            if let Some(generic) = generic {
                let r = self.temp()?;
                self.op(Op::Move, r, generic, 0, 0);
            }
            for keyword in keywords {
                let r = self.temp()?;
                self.expr_to(&keyword.value, r)?;
            }
            let nargs = 2 + n as Reg + Reg::from(generic.is_some());
            self.u.at = whole;
            if keywords.is_empty() {
                self.call_prepared(dst, base, nargs);
            } else {
                let names = keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
                let names = names.map(|name| text(name));
                let names = Const::Tuple(names.collect());
                let names = self.constant(names);
                self.op(Op::CallKw, dst, base, nargs, names);
            }
        }
        self.u.top = mark;
        Ok(())
    }

    /// The same with stars: function and name are at `base+4` and `base+5`.
    fn class_call_unpacked(
        &mut self,
        def: &'a ast::StmtClassDef,
        generic: Option<Reg>,
        dst: Reg,
        base: Reg,
    ) -> Done {
        let args = self.temps(2)?;
        let kwargs = args + 1;
        self.op(Op::BuildList, args, base + 4, 0, 2);
        for value in def.bases() {
            let mark = self.u.top;
            match value {
                ast::Expr::Starred(starred) => {
                    let r = self.expr(&starred.value)?;
                    self.op(Op::ListExtend, args, r, 0, 0);
                }
                plain => {
                    let r = self.expr(plain)?;
                    self.op(Op::ListAppend, args, r, 0, 0);
                }
            }
            self.u.top = mark;
        }
        if let Some(generic) = generic {
            self.op(Op::ListAppend, args, generic, 0, 0);
        }
        if !def.keywords().is_empty() {
            self.keyword_dict(def.keywords(), kwargs, base)?;
        }
        self.op(Op::Move, base + 4, args, 0, 0);
        if def.keywords().is_empty() {
            self.op(Op::LoadUnbound, base + 5, 0, 0, 0);
        } else {
            self.op(Op::Move, base + 5, kwargs, 0, 0);
        }
        self.op(Op::CallEx, dst, base, 0, 0);
        Ok(())
    }

    fn class_body(&mut self, def: &'a ast::StmtClassDef) -> Result<CodeUnit> {
        let line = self.definition_line(&def.decorator_list, def.range.start().into());
        self.u.first_line = line;
        if self.options.future_annotations {
            self.u.flags.insert(CodeFlags::FUTURE_ANNOTATIONS);
        }
        self.enter_namespace()?;
        self.u.at = def.range;
        let value = self.temp()?;
        let site = self.variable_site("__name__");
        self.op(Op::LoadName, value, 0, 0, site);
        self.store_name("__module__", value)?;
        let qualname = self.u.qualname.clone();
        self.load_str(value, &qualname);
        self.store_name("__qualname__", value)?;
        self.load_const(value, Const::Int(line.into()));
        self.store_name("__firstlineno__", value)?;
        if def.type_params.is_some() {
            self.load_name(".type_params", value)?;
            self.store_name("__type_params__", value)?;
        }
        if let Some(cell) = self.cell("__classdict__") {
            self.op(Op::StoreDeref, cell, 0, 0, 0);
        }
        self.class_annotations()?;
        let mut rest = &def.body[..];
        if let Some(doc) = self.docstring(rest) {
            rest = &rest[1..];
            if self.options.optimize < 2 {
                let here = std::mem::replace(&mut self.u.at, def.body[0].range());
                self.load_const(value, doc);
                self.store_name("__doc__", value)?;
                self.u.at = here;
            }
        }
        self.body(rest)?;
        self.finish_class_annotations(&def.body)?;
        self.u.static_attributes.sort();
        let attributes = self.u.static_attributes.iter().map(|name: &Name| text(name)).collect();
        self.unplaced(|this| this.class_end(attributes, value))?;
        self.assemble()
    }

    fn class_end(&mut self, attributes: Vec<Const>, value: super::Reg) -> Done {
        self.load_const(value, Const::Tuple(attributes));
        self.store_name("__static_attributes__", value)?;
        if let Some(cell) = self.cell("__classdict__") {
            self.op(Op::Move, value, cell, 0, 0);
            self.store_name("__classdictcell__", value)?;
        }
        match self.cell("__class__") {
            Some(cell) => {
                self.op(Op::Move, value, cell, 0, 0);
                self.store_name("__classcell__", value)?;
            }
            None => self.op(Op::LoadNone, value, 0, 0, 0),
        }
        self.op(Op::Return, value, 0, 0, 0);
        Ok(())
    }

    /// Register of one of the class's own cells.
    pub(super) fn cell(&self, name: &str) -> Option<Reg> {
        match self.u.vars.get(name) {
            Some(super::unit::Var { home: super::unit::Home::Reg(r), own: true, .. }) => Some(*r),
            _ => None,
        }
    }
}
