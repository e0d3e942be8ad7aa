//! Type parameters and `type` statements. Bounds, defaults and values are functions run on demand.

use ruff_python_ast::{self as ast, Expr, TypeParam};
use ruff_text_size::Ranged;

use super::{
    CompileError, Compiler, Done, Reg, Result,
    function::Extras,
    scope::{Part, ScopeId},
    unit::UnitKind,
};
use crate::code::{Const, Intrinsic, Op};

impl<'a> Compiler<'a> {
    /// Makes the parameters, binds their names, and leaves their tuple in `dst`.
    pub(super) fn type_parameters(&mut self, params: &'a ast::TypeParams, dst: Reg) -> Done {
        self.op(Op::BuildList, dst, dst, 0, 0);
        for param in &params.type_params {
            let mark = self.u.top;
            let outer = std::mem::replace(&mut self.u.at, param.range());
            let r = self.temps(2)?;
            let name = param.name().as_str();
            self.load_str(r, name);
            self.type_parameter(param, name, r)?;
            if let Some(default) = param.default() {
                let scope = self.scope_of(param, Part::Default)?;
                self.evaluator(scope, name, default, r + 1)?;
                self.op(Op::Intrinsic, r, r, r + 1, Intrinsic::SetTypeParamDefault as i32);
            }
            self.op(Op::ListAppend, dst, r, 0, 0);
            self.store_name_from(name, r, true)?;
            self.u.at = outer;
            self.u.top = mark;
        }
        self.op(Op::ListToTuple, dst, dst, 0, 0);
        Ok(())
    }

    /// `r` holds the name, `r+1` is free.
    fn type_parameter(&mut self, param: &'a TypeParam, name: &str, r: Reg) -> Done {
        let which = match param {
            TypeParam::ParamSpec(_) => Intrinsic::ParamSpec,
            TypeParam::TypeVarTuple(_) => Intrinsic::TypeVarTuple,
            TypeParam::TypeVar(var) => match var.bound.as_deref() {
                None => Intrinsic::TypeVar,
                Some(bound) => {
                    let scope = self.scope_of(param, Part::Bound)?;
                    self.evaluator(scope, name, bound, r + 1)?;
                    if bound.is_tuple_expr() {
                        Intrinsic::TypeVarWithConstraints
                    } else {
                        Intrinsic::TypeVarWithBound
                    }
                }
            },
        };
        let with = matches!(which, Intrinsic::TypeVarWithBound | Intrinsic::TypeVarWithConstraints);
        self.op(Op::Intrinsic, r, r, if with { r + 1 } else { r }, which as i32);
        Ok(())
    }

    /// A function of a format that gives the value of `expr`.
    fn evaluator(&mut self, scope: ScopeId, name: &str, expr: &'a Expr, dst: Reg) -> Done {
        let code = self.unit_of(scope, UnitKind::TypeScope, name, |this| {
            this.annotate_prologue("")?;
            let value = this.lazy_value(expr)?;
            this.op(Op::Return, value, 0, 0, 0);
            this.assemble()
        })?;
        let mark = self.u.top;
        // Called without a format, it gives the value itself.
        let defaults = self.temp()?;
        self.load_const(defaults, Const::Tuple(vec![Const::Int(1)]));
        let extras = Extras { defaults: Some(defaults), ..Extras::default() };
        self.make_function(dst, code, extras)?;
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn type_alias(&mut self, stmt: &'a ast::StmtTypeAlias) -> Done {
        let Expr::Name(name) = &*stmt.name else {
            return Err(CompileError::syntax("invalid syntax", stmt.range));
        };
        let dst = self.temp()?;
        match &stmt.type_params {
            None => self.alias_object(stmt, &name.id, None, dst)?,
            Some(params) => {
                let base = self.temps(4)?;
                let scope = self.scope_of(stmt, Part::TypeParams)?;
                let shown = format!("<generic parameters of {}>", name.id);
                let code = self.unit_of(scope, UnitKind::TypeScope, &shown, |this| {
                    this.generic_alias(stmt, &name.id, params)
                })?;
                self.make_function(base, code, Extras::default())?;
                self.call_prepared(dst, base, 0);
            }
        }
        self.store_name_from(&name.id, dst, true)
    }

    fn generic_alias(
        &mut self,
        stmt: &'a ast::StmtTypeAlias,
        name: &str,
        params: &'a ast::TypeParams,
    ) -> Result<crate::code::CodeUnit> {
        self.function_flags();
        self.enter_function()?;
        let all = self.temps(2)?;
        self.type_parameters(params, all)?;
        self.alias_object(stmt, name, Some(all), all + 1)?;
        self.op(Op::Return, all + 1, 0, 0, 0);
        self.assemble()
    }

    fn alias_object(
        &mut self,
        stmt: &'a ast::StmtTypeAlias,
        name: &str,
        params: Option<Reg>,
        dst: Reg,
    ) -> Done {
        let mark = self.u.top;
        let parts = self.temps(3)?;
        self.load_str(parts, name);
        match params {
            Some(params) => self.op(Op::Move, parts + 1, params, 0, 0),
            None => self.op(Op::LoadNone, parts + 1, 0, 0, 0),
        }
        let scope = self.scope_of(stmt, Part::Body)?;
        self.evaluator(scope, name, &stmt.value, parts + 2)?;
        self.op(Op::BuildTuple, dst, parts, 0, 3);
        self.op(Op::Intrinsic, dst, dst, dst, Intrinsic::TypeAlias as i32);
        self.u.top = mark;
        Ok(())
    }
}
