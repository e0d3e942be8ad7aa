//! Frames and variables: where each name of a unit lives, and how it is loaded, stored and deleted.

use std::sync::Arc;

use super::{
    Compiler, Done, Reg, Result,
    scope::{Home as ScopeHome, Name, ScopeId, ScopeKind, Symbol, flag},
    unit::{Home, Unit, UnitKind, Var},
};
use crate::code::{CodeFlags, Op};

/// How a name is reached.
#[derive(Clone, Copy, Debug)]
enum Access {
    Var(Var),
    Global,
    /// Namespace of the frame.
    Name,
    /// Namespace first, then cell. `Some(var)`: the namespace is in that cell (annotation scopes).
    DictOrDeref(Option<Var>, Var),
    /// Class namespace in the cell, then globals.
    DictOrGlobal(Var),
}

impl<'a> Compiler<'a> {
    pub(super) fn mangled(&self, name: &str) -> Name {
        self.table.scopes[self.scope()].mangle(name)
    }

    /// The scope of the code being compiled: an inlined comprehension's, or the frame's.
    pub(super) fn scope(&self) -> ScopeId {
        self.u.inlined.last().map_or(self.u.scope, |inlined| inlined.scope)
    }

    // ---- frames ---------------------------------------------------------------------------------

    /// Begins the unit of `scope`.
    pub(super) fn push_unit(&mut self, scope: ScopeId, kind: UnitKind, name: &str) {
        let name: Name = Arc::from(name);
        let qualname = self.qualname(kind, &name);
        let at = self.u.at;
        let unit = Unit::new(scope, kind, name, qualname);
        self.outer.push(std::mem::replace(&mut self.u, unit));
        self.u.at = at;
        let (line, _) = self.line_col(at.start().into());
        self.u.first_line = line;
    }

    /// Ends the current unit; the one around it is current again.
    pub(super) fn pop_unit(&mut self) {
        if let Some(outer) = self.outer.pop() {
            self.u = outer;
        }
    }

    fn qualname(&self, kind: UnitKind, name: &Name) -> Name {
        let mut around = &self.u;
        let mut outer = self.outer.iter().rev();
        // Type parameter scopes do not show in qualified names.
        while around.kind == UnitKind::TypeScope && around.name.starts_with("<generic") {
            match outer.next() {
                Some(unit) => around = unit,
                None => break,
            }
        }
        if around.kind == UnitKind::Module {
            return name.clone();
        }
        if matches!(kind, UnitKind::Function | UnitKind::Class) {
            let scope = &self.table.scopes[around.scope];
            let mangled = scope.mangle(name);
            let home = scope.symbol(&mangled).map(|symbol| symbol.home);
            if home == Some(ScopeHome::GlobalExplicit) {
                return name.clone();
            }
        }
        let between = if around.kind == UnitKind::Class { "." } else { ".<locals>." };
        Arc::from(format!("{}{between}{name}", around.qualname))
    }

    /// Lays out the frame of a module or class body: the namespace in `r0`, then cells.
    pub(super) fn enter_namespace(&mut self) -> Done {
        self.u.flags.insert(CodeFlags::NAMESPACE);
        self.u.n_params = 1;
        self.u.top = 1;
        let scope = &self.table.scopes[self.u.scope];
        let mut cells = Vec::new();
        if scope.kind == ScopeKind::Class {
            cells.extend(scope.needs_class_cell.then_some("__class__"));
            cells.extend(scope.needs_classdict.then_some("__classdict__"));
            let conditional = scope.conditional_annotations && scope.n_annotations > 0;
            cells.extend(conditional.then_some("__conditional_annotations__"));
        }
        let free = self.free_names();
        for name in cells {
            let cell = self.temp()?;
            self.op(Op::MakeCell, cell, 0, 0, 0);
            let name: Name = Arc::from(name);
            self.u.cellvars.push(name.clone());
            let var = Var { home: Home::Reg(cell), is_cell: true, own: true };
            self.u.vars.insert(name, var);
        }
        self.copy_free(free)?;
        self.u.n_locals = self.u.top;
        Ok(())
    }

    fn free_names(&self) -> Vec<Name> {
        let is_free = |symbol: &&Symbol| {
            symbol.home == ScopeHome::Free || symbol.flags & flag::FREE_CLASS != 0
        };
        let scope = &self.table.scopes[self.u.scope];
        let mut names: Vec<Name> =
            scope.symbols.iter().filter(is_free).map(|symbol| symbol.name.clone()).collect();
        names.sort();
        names
    }

    /// Lays out the frame of a function: parameters, locals, cells, free variables.
    pub(super) fn enter_function(&mut self) -> Done {
        let scope = &self.table.scopes[self.u.scope];
        let mut params = Vec::new();
        let mut locals = Vec::new();
        for symbol in &scope.symbols {
            if matches!(symbol.home, ScopeHome::Local | ScopeHome::Cell) {
                let is_cell = symbol.home == ScopeHome::Cell;
                let list = if symbol.flags & flag::PARAM != 0 { &mut params } else { &mut locals };
                list.push((symbol.name.clone(), is_cell));
            }
        }
        let free = self.free_names();
        if self.u.is_resumable() {
            self.op(Op::StartGen, 0, 0, 0, 0);
        }
        self.u.n_params = params.len() as u32;
        self.place_variables(&params, &locals)?;
        for (name, is_cell) in params.iter().chain(&locals) {
            if *is_cell {
                self.make_cell(name)?;
                self.u.cellvars.push(name.clone());
            }
        }
        self.u.varnames = params.into_iter().map(|(name, _)| name).collect();
        let plain = locals.into_iter().filter(|(_, is_cell)| !is_cell);
        self.u.varnames.extend(plain.map(|(name, _)| name));
        self.copy_free(free)?;
        self.u.n_locals = self.u.n_locals.max(self.u.top);
        Ok(())
    }

    fn place_variables(&mut self, params: &[(Name, bool)], locals: &[(Name, bool)]) -> Done {
        let max = self.n_locals_max;
        let spill = params.len() > max;
        let wide = spill || params.len() + locals.len() > max;
        let mut n_wide = 0;
        let mut next = if spill { 0 } else { params.len() };
        if wide {
            self.u.wide = next as Reg;
            next += 1;
            let moved = if spill { params.len() as i32 } else { 0 };
            self.op(Op::MakeWide, self.u.wide, 0, 0, moved);
        }
        for (at, (name, is_cell)) in params.iter().enumerate() {
            let home = if spill { Home::Wide(at as u32) } else { Home::Reg(at as Reg) };
            self.u.vars.insert(name.clone(), Var { home, is_cell: *is_cell, own: true });
        }
        if spill {
            n_wide = params.len() as u32;
        }
        for (name, is_cell) in locals {
            let home = if !spill && next < max {
                next += 1;
                Home::Reg((next - 1) as Reg)
            } else {
                n_wide += 1;
                Home::Wide(n_wide - 1)
            };
            self.u.vars.insert(name.clone(), Var { home, is_cell: *is_cell, own: true });
        }
        self.u.n_wide = n_wide;
        self.u.top = next as u32;
        self.u.n_regs = self.u.n_regs.max(self.u.top);
        self.u.n_locals = if spill { 0 } else { self.u.top };
        Ok(())
    }

    fn make_cell(&mut self, name: &Name) -> Done {
        match self.u.vars.get(name).map(|var| var.home) {
            Some(Home::Reg(r)) => self.op(Op::MakeCell, r, 0, 0, 0),
            Some(Home::Wide(slot)) => {
                let mark = self.u.top;
                let cell = self.temp()?;
                self.op(Op::LoadWide, cell, self.u.wide, 0, slot as i32);
                self.op(Op::MakeCell, cell, 0, 0, 0);
                self.op(Op::StoreWide, self.u.wide, cell, 0, slot as i32);
                self.u.top = mark;
            }
            None => {}
        }
        Ok(())
    }

    fn copy_free(&mut self, free: Vec<Name>) -> Done {
        if free.is_empty() {
            return Ok(());
        }
        if self.u.top as usize + free.len() <= self.n_locals_max {
            let first = self.temps(free.len())?;
            self.op(Op::CopyFree, first, 0, 0, free.len() as i32);
            for (at, name) in free.iter().enumerate() {
                let home = Home::Reg(first + at as Reg);
                self.u.vars.insert(name.clone(), Var { home, is_cell: true, own: false });
            }
        } else {
            if self.u.n_wide == 0 {
                self.u.wide = self.temp()?;
                self.op(Op::MakeWide, self.u.wide, 0, 0, 0);
            }
            let cell = self.temp()?;
            for (at, name) in free.iter().enumerate() {
                let slot = self.u.n_wide;
                self.u.n_wide += 1;
                self.op(Op::LoadFreeCell, cell, 0, 0, at as i32);
                self.op(Op::StoreWide, self.u.wide, cell, 0, slot as i32);
                let home = Home::Wide(slot);
                self.u.vars.insert(name.clone(), Var { home, is_cell: true, own: false });
            }
        }
        self.u.freevars = free;
        Ok(())
    }

    // ---- access ---------------------------------------------------------------------------------

    fn access(&self, name: &str) -> Access {
        for inlined in self.u.inlined.iter().rev() {
            let symbol = self.table.scopes[inlined.scope].symbol(name);
            match symbol.map(|symbol| symbol.home) {
                Some(ScopeHome::Local | ScopeHome::Cell) => {
                    if let Some(&var) = inlined.vars.get(name) {
                        return Access::Var(var);
                    }
                }
                Some(ScopeHome::GlobalExplicit) => return Access::Global,
                _ => {}
            }
        }
        let scope = &self.table.scopes[self.u.scope];
        let home = scope.symbol(name).map(|symbol| symbol.home);
        let var = self.u.vars.get(name).copied();
        match (scope.kind, home) {
            (_, Some(ScopeHome::GlobalExplicit)) => Access::Global,
            (ScopeKind::Class, Some(ScopeHome::Free)) => {
                var.map_or(Access::Name, |var| Access::DictOrDeref(None, var))
            }
            (ScopeKind::Module | ScopeKind::Class, _) => Access::Name,
            (_, Some(ScopeHome::Local | ScopeHome::Cell)) => {
                var.map_or(Access::Global, Access::Var)
            }
            (_, home) => {
                let classdict = self.u.vars.get("__classdict__").copied();
                let classdict =
                    classdict.filter(|_| scope.sees_class && !name.starts_with("__cond"));
                match (home, classdict, var) {
                    (_, _, Some(var)) if name == "__classdict__" => Access::Var(var),
                    (Some(ScopeHome::Free), Some(dict), Some(var)) => {
                        Access::DictOrDeref(Some(dict), var)
                    }
                    (Some(ScopeHome::Free), None, Some(var)) => Access::Var(var),
                    // It may pass a variable of the same name on to scopes inside it.
                    (_, Some(dict), _) => Access::DictOrGlobal(dict),
                    _ => Access::Global,
                }
            }
        }
    }

    /// Is the name looked up in globals and builtins only?
    pub(super) fn is_global(&self, name: &str) -> bool {
        matches!(self.access(name), Access::Global)
    }

    /// The register of a plain local variable, bound or not.
    pub(super) fn variable_register(&self, name: &str) -> Option<Reg> {
        match self.access(&self.mangled(name)) {
            Access::Var(Var { home: Home::Reg(r), is_cell: false, .. }) => Some(r),
            _ => None,
        }
    }

    /// The register of a plain local variable, after a check that it is bound; None for other names.
    pub(super) fn local(&mut self, name: &str) -> Option<Reg> {
        match self.access(&self.mangled(name)) {
            Access::Var(Var { home: Home::Reg(r), is_cell: false, .. }) => {
                let name = self.mangled(name);
                let index = self.string(&name);
                self.op(Op::CheckBound, r, 0, 0, index);
                Some(r)
            }
            _ => None,
        }
    }

    /// Register holding the cell of a variable, loaded into a temporary if it is far.
    fn cell_register(&mut self, var: Var) -> Result<Reg> {
        match var.home {
            Home::Reg(r) => Ok(r),
            Home::Wide(slot) => {
                let cell = self.temp()?;
                self.op(Op::LoadWide, cell, self.u.wide, 0, slot as i32);
                Ok(cell)
            }
        }
    }

    /// Copies the cell itself (for closures).
    pub(super) fn load_cell(&mut self, dst: Reg, name: &str) -> Done {
        let inlined = self.u.inlined.iter().rev().find_map(|inlined| inlined.vars.get(name));
        let Some(var) = inlined.or_else(|| self.u.vars.get(name)).copied() else {
            // The analysis promises a cell; an empty one keeps a mistake from becoming worse.
            self.op(Op::LoadUnbound, dst, 0, 0, 0);
            self.op(Op::MakeCell, dst, 0, 0, 0);
            return Ok(());
        };
        match var.home {
            Home::Reg(r) => self.op(Op::Move, dst, r, 0, 0),
            Home::Wide(slot) => self.op(Op::LoadWide, dst, self.u.wide, 0, slot as i32),
        }
        Ok(())
    }

    pub(super) fn load_name(&mut self, name: &str, dst: Reg) -> Done {
        if name == "__debug__" {
            let op = if self.options.optimize == 0 { Op::LoadTrue } else { Op::LoadFalse };
            self.op(op, dst, 0, 0, 0);
            return Ok(());
        }
        let name = self.mangled(name);
        let mark = self.u.top;
        match self.access(&name) {
            Access::Var(var) => self.load_var(var, &name, dst)?,
            Access::Global => {
                let site = self.variable_site(&name);
                self.op(Op::LoadGlobal, dst, 0, 0, site);
            }
            Access::Name => {
                let site = self.variable_site(&name);
                self.op(Op::LoadName, dst, 0, 0, site);
            }
            Access::DictOrDeref(dict, var) => {
                let ns = self.class_namespace(dict)?;
                let cell = self.cell_register(var)?;
                let index = self.string(&name);
                self.op(Op::LoadDictOrDeref, dst, ns, cell, index);
            }
            Access::DictOrGlobal(dict) => {
                let ns = self.class_namespace(Some(dict))?;
                let site = self.variable_site(&name);
                self.op(Op::LoadName, dst, ns, 0, site);
            }
        }
        self.u.top = mark;
        Ok(())
    }

    fn class_namespace(&mut self, cell: Option<Var>) -> Result<Reg> {
        let Some(var) = cell else { return Ok(0) };
        let ns = self.temp()?;
        self.load_var(var, "__classdict__", ns)?;
        Ok(ns)
    }

    fn load_var(&mut self, var: Var, name: &str, dst: Reg) -> Done {
        let index = self.string(name);
        if var.is_cell {
            let cell = self.cell_register(var)?;
            self.op(Op::LoadDeref, dst, cell, u8::from(var.own), index);
            return Ok(());
        }
        match var.home {
            Home::Reg(r) => {
                self.op(Op::CheckBound, r, 0, 0, index);
                self.mov(dst, r);
            }
            Home::Wide(slot) => {
                self.op(Op::LoadWide, dst, self.u.wide, 0, slot as i32);
                self.check_far(dst, index);
            }
        }
        Ok(())
    }

    /// `CheckBound` on a register whose content the flow analysis would believe bound.
    fn check_far(&mut self, r: Reg, name: i32) {
        self.op(Op::CheckBound, r, 0, 0, name);
        if let Some(last) = self.u.ins.last_mut() {
            last.optional = true;
        }
    }

    /// Stores `src`; `dead` says that nobody needs the register afterwards.
    pub(super) fn store_name_from(&mut self, name: &str, src: Reg, dead: bool) -> Done {
        let name = self.mangled(name);
        let mark = self.u.top;
        match self.access(&name) {
            Access::Var(Var { home: Home::Reg(r), is_cell: false, .. }) => {
                if dead {
                    self.mov_dead(r, src);
                } else {
                    self.mov(r, src);
                }
            }
            Access::Var(Var { home: Home::Wide(slot), is_cell: false, .. }) => {
                self.op(Op::StoreWide, self.u.wide, src, 0, slot as i32);
            }
            Access::Var(var) | Access::DictOrDeref(_, var) => {
                let cell = self.cell_register(var)?;
                self.op(Op::StoreDeref, cell, src, 0, 0);
            }
            Access::Global | Access::DictOrGlobal(_) => {
                let site = self.variable_site(&name);
                self.op(Op::StoreGlobal, src, 0, 0, site);
            }
            Access::Name => {
                let site = self.variable_site(&name);
                self.op(Op::StoreName, 0, src, 0, site);
            }
        }
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn store_name(&mut self, name: &str, src: Reg) -> Done {
        self.store_name_from(name, src, false)
    }

    pub(super) fn delete_name(&mut self, name: &str) -> Done {
        let name = self.mangled(name);
        let mark = self.u.top;
        match self.access(&name) {
            Access::Var(var) | Access::DictOrDeref(_, var) => self.delete_var(var, &name)?,
            Access::Global | Access::DictOrGlobal(_) => {
                let site = self.variable_site(&name);
                self.op(Op::DelGlobal, 0, 0, 0, site);
            }
            Access::Name => {
                let site = self.variable_site(&name);
                self.op(Op::DelName, 0, 0, 0, site);
            }
        }
        self.u.top = mark;
        Ok(())
    }

    fn delete_var(&mut self, var: Var, name: &str) -> Done {
        let index = self.string(name);
        if var.is_cell {
            let cell = self.cell_register(var)?;
            self.op(Op::DelDeref, cell, u8::from(var.own), 0, index);
            return Ok(());
        }
        match var.home {
            Home::Reg(r) => self.op(Op::DelLocal, r, 0, 0, index),
            Home::Wide(slot) => {
                let value = self.temp()?;
                self.op(Op::LoadWide, value, self.u.wide, 0, slot as i32);
                self.check_far(value, index);
                self.op(Op::LoadUnbound, value, 0, 0, 0);
                self.op(Op::StoreWide, self.u.wide, value, 0, slot as i32);
            }
        }
        Ok(())
    }
}
